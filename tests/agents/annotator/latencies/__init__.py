"""Tests of the kinds of latency."""
