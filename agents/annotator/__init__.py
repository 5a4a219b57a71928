"""How people answer, and when."""
