"""Findings: what the results of a study say, as plain data and in words."""
