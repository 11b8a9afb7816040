"""Initiatives (trivselstiltag): what a class, a student council or the school does for a time, and how it went."""
