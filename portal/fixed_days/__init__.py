"""The school's fixed days: morning song on Fridays, a day of sports, and what else always comes back."""
