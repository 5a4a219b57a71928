"""Which items to ask for."""
