"""What classes say to their council, and what came of it."""
