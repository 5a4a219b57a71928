"""The kinds of change."""
