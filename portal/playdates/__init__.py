"""Playdates: an afternoon at a playground or in the woods, offered to a whole class; nobody is asked for an answer."""
