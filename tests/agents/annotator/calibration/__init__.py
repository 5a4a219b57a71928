"""Tests of fits to real logs."""
