"""Homes: which adults live together, as the school's file says or as both of them have said."""
