"""What pydantic found wrong, in the words of whoever wrote the file or the body."""

from pydantic import ValidationError


def faults_of(error: ValidationError) -> list[tuple[str, str]]:
    """Each fault: its place (`contacts.0.name`, empty for the whole) and what is wrong, without the value."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [(_place(fault["loc"]), _words(fault["type"], fault["msg"])) for fault in found]


def _place(steps: tuple[int | str, ...]) -> str:
    # A step with a bracket is pydantic's name for one choice of several types, and stands in no file.
    return ".".join(str(step) for step in steps if "[" not in str(step))


def _words(kind: str, message: str) -> str:
    if kind == "tuple_type":
        return "Input should be a list"
    return message.removeprefix("Value error, ")
