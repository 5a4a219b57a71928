"""The protocols that Parley has."""
