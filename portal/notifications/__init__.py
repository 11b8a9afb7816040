"""Telling people what happened: the list in the portal, mail, and the worker that sends it."""
