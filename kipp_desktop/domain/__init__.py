"""What would be true on paper: the standard library only, no clock, no files."""
