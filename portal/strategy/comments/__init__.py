"""The talk of a council."""
