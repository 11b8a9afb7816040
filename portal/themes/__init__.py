"""Themes of the strategy, such as digital media: its points about one thing, sorted by where somebody needs them."""
