"""What can be wrong with data."""


class DataError(ValueError):
    """Data cannot be used; the message says what was expected and what came."""
