"""Filling an empty database with the demo school: the roster by the import itself, then what its people have done."""


def fill_when_empty() -> None:
    """Fill an empty database with the small demo school."""
