"""The kinds of saying."""
