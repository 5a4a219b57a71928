"""What people watch while a campaign runs: its agents, queues, learning curve and money, in the terminal."""
