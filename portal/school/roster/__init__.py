"""Bringing the school in from the register's files."""
