"""The two ways to say no: somebody may not do it, or it makes no sense. Both carry words that a page can print."""

from collections.abc import Iterable


class NotAllowed(Exception):
    """Somebody asked for what their post does not give them."""


class Refused(Exception):
    """What was asked for makes no sense or cannot be read; nothing was changed."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join((self.message, *self.problems))


def require(allowed: bool, what: str) -> None:
    """Raise NotAllowed unless `allowed`; `what` completes the sentence 'You may not …'."""
    if not allowed:
        raise NotAllowed(f"You may not {what}.")
