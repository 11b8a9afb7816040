"""When there is no school."""
