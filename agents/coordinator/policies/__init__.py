"""The coordination policies that Parley has."""
