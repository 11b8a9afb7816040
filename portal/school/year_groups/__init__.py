"""Year groups: the classes of one year, and the parents who plan for all of them."""
