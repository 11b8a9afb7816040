"""Signing in and out, passwords, links and letters."""
