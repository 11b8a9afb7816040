"""What the councils propose, and its way."""
