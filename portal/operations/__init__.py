"""Serving the portal, and how it is doing."""
