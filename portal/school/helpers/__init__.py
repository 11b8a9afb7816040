"""Helpers: whom somebody with custody lets see and answer a child's events, and nothing else."""
