"""What belongs to no single feature: the front page, a class's page, a child's page, help and health."""
