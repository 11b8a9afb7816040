"""Those who look after an event together: inviting another one, saying yes, and what others see of them."""
