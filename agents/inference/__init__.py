"""Inference of truth: what answers that disagree amount to, and how good the people are who gave them."""
