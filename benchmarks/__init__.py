"""Ratios against what people use today: each script prints what it measured, and what was demanded."""
