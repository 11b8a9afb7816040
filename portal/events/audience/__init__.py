"""Whom an event is for: classes, all classes of a year, or the school; never a part of a class."""
