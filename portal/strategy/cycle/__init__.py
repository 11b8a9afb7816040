"""The year's review of the strategy."""
