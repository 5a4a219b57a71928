"""Logs read by people: what happened, why, and what was known at any moment."""
