"""The commands of `parley`, a module for each thing that people do. What a command needs, it imports when it is called."""
