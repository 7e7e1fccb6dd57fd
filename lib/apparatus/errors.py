"""The error for faults in files that a person edits."""


class DataError(Exception):
    """A fault in our own data: its text says which file and entry, what is wrong and what to do."""
