"""Looking for words in the strategy."""
