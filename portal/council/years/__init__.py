""" "Vores år": what a council suggested in a school year, what came of it, and what the school did."""
