"""Closing a guardian's access to a child for a time, by the leadership, for a reason that nobody else sees."""
