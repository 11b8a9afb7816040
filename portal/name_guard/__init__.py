"""The name guard: which children a text names, and whether that has been agreed to."""
