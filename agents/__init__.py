"""Who takes part in a campaign: each agent beside the know-how that it alone uses."""
