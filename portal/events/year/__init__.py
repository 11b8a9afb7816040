"""A class's year, for those who plan it: what was held, what is planned, and where there is room for something."""
