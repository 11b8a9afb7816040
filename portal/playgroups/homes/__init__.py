"""What a home says once: whether it can host playgroups, and whether a child takes part."""
