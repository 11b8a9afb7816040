"""Pairs of children who are kept apart in every plan of a class until a day; the class team alone sees them."""
