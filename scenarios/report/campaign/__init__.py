"""The report of a run: what its log tells, in words, figures and tables."""
