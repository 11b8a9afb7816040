"""People act what they come for on a phone, and a clock that counts for them says how long it takes."""
