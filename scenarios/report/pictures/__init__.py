"""Pictures of reports: each draws plain figures, and knows nothing of studies."""
