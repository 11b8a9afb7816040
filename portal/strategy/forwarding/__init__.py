"""Sending on what a council has adopted, and the leadership's first word about it."""
