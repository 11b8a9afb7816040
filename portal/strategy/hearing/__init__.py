"""The hearing: what leadership, MED committee and councils say about each suggestion before the board decides."""
