"""Whom the public help page names."""
