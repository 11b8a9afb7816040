"""The demo school: made-up people and texts, and sign-in with one press."""


def fill_when_empty() -> None:
    """Fill an empty database."""
