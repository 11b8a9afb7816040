"""Questions to an event's organisers, and what stands on the event of them as "Spørgsmål og svar"."""
