"""What the demo school has of the strategy's smaller promises."""
