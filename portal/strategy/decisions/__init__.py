"""What the school board decides about each suggestion, and what it answers the children."""
