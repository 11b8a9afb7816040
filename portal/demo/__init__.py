"""The demo school: made-up people and texts, and sign-in with one press."""
