"""`parley compare`: the same people and items under each of several policies."""
