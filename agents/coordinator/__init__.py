"""Who is asked, and what the answers amount to."""
