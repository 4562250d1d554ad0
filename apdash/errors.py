"""The one kind of error a user reads."""


class ApdashError(Exception):
    """An expected refusal, told in French: a short title and what to do about it."""

    def __init__(self, title: str, message: str = "") -> None:
        super().__init__(f"{title} {message}".strip())
        self.title = title
        self.message = message
