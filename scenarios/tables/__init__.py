"""Tables of data in files: what is read of each format."""
