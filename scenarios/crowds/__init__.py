"""Crowds: people in files of their own, fitted to real logs; making such files, and judging them."""
