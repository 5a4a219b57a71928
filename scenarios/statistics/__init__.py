"""Statistics: what runs say of a mean, of differences, of ranks, and of what is worth its price."""
