"""PDFs that can be read aloud: typst sets them from data, and what people wrote is never markup to it."""
