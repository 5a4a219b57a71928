"""Kinds of availability."""
