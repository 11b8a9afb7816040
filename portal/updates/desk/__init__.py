"""Where the class team writes."""
