"""The strategy: its text and editions, and the way of an amendment through council, hearing and board."""
