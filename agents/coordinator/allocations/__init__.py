"""The allocations that Parley has."""
