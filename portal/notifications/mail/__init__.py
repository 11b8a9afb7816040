"""One mail to one person, and where it goes."""
