"""A class's year, for its homes and its team: what was held, what is planned, and where there is room for something."""
