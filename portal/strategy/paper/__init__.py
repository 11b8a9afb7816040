"""The strategy as a file for paper and for listening."""
