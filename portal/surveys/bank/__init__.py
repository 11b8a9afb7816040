"""The bank of questions, which the school words itself; what was asked keeps its words."""
