"""The play patrol (legepatruljen): which of the oldest pupils play with the others in the breaks, week by week."""
