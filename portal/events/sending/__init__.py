"""Before an event goes out: whom it reaches, sending it, and some minutes in which its organisers undo it."""
