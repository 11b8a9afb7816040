"""The draft of a plan as the class team works on it, and publishing it round by round."""
