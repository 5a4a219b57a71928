"""Ready scenarios and studies, and scripts to start from."""
