"""The pools that Parley has."""
