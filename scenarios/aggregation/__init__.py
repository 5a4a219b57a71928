"""Aggregation: what the answers in a file amount to, for people who simulate nothing."""
