"""The kinds of doubt."""
