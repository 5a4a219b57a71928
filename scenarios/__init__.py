"""What is studied: scenarios, worlds, runs, studies, and the `parley` command."""
