"""A picture of each behaviour that annotators may have, made by watching it."""
