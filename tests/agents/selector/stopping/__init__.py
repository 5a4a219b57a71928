"""When to stop, by what models say."""
