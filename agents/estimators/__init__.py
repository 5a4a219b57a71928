"""The estimators that a scenario can name, and those that hold others."""
