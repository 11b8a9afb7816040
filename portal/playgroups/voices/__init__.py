"""How the children say that it was: in two presses, summed for the class team, and never who."""
