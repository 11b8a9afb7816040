"""Surveys (trivselspuls): a few questions about how it is, answered by a class on slips that name nobody."""
