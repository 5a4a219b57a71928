"""Two implementations of truth inference that take turns, each in a process of its own: Parley's and crowd-kit's."""
