"""The new edition, made out of what the board decided."""
