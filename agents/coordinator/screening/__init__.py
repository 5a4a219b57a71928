"""Screening: gold questions, whose true labels the coordinator knows, tell who is any good."""
