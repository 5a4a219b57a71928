"""A study: one scenario, dials to vary, many seeds, and what comes of it."""
