"""`parley plan`: how many annotators, which policy, which strategy and how many labels it takes to be right often enough."""
