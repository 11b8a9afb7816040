"""Making PDFs: what goes in, what comes out, and what happens when it cannot."""
