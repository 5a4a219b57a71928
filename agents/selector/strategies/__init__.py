"""The query strategies there are."""
