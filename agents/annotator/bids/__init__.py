"""The ways to bid that Parley has."""
