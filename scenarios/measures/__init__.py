"""Measures: what runs are compared by, and how a difference is told in words."""
