"""The way back: the board's answer to each child's idea, read aloud in the class and in the council."""
