"""What may be made of items that are under way."""
