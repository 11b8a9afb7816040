"""AKT's own page: classes that ask for help, what classes do, meetings with the leadership, looks at the breaks."""
