"""AKT's own page: classes that have asked for help, meetings with the leadership, and the looks at the breaks."""
