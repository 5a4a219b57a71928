"""Where the runs of a grid are made: in processes of this machine, or on a cluster."""
