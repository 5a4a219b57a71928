"""Tests of the kinds of noise."""
