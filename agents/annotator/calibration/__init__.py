"""Crowds that are fitted to real logs."""
