"""What is wrong with what a person gave us."""


class BadInput(Exception):
    """A file, a value or an option that cannot be used. The message says where, what was found, and what is allowed."""
