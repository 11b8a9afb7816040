"""How often the classes tell their homes."""
