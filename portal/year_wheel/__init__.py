"""The year wheel: what the strategy obliges the school to in a year, and what of it is done."""
