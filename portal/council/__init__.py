"""The student councils (elevråd): who sits in them and who helps them meet."""
