"""A council: several query strategies, each an agent of its own, and a rule by which the Selector decides between them."""
