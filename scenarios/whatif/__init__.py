"""What if: what would have come of a campaign, had something about it been otherwise."""
