"""A council's meetings, from the agenda to the approved minutes."""
