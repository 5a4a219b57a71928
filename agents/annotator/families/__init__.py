"""The kinds of family."""
