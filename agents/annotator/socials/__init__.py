"""The kinds of social conduct."""
