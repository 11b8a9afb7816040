"""News from the class team (Nyt fra klasseteamet): written by the team, read in every home of the class."""
