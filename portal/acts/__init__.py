"""One append-only row for each thing done: audit entry and outbox intent in one."""
