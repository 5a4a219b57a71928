"""The kinds of latency."""
