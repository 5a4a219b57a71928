"""The topologies that Parley has."""
