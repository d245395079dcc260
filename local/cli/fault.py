"""The error of ./dev that a person can act on."""


class Fault(Exception):
    """Ends a command: `str(fault)` is one sentence that says what is wrong and what to do."""
