"""The report of a study: what it found in words, pictures and tables."""
