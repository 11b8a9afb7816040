"""Whole-class events (fællesarrangementer): made by a guardian or the team, for every child of the class."""
