"""What every class's parent meeting shows in a school year: one text for all of them, in versions."""
