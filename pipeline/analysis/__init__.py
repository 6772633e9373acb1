"""Pure analysis: numbers and words in, values out. No files but our own tables, no clock, no models."""
