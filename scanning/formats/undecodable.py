"""The one error that decoding may raise."""

from scanning.choices import ProblemCode


class Undecodable(Exception):
    """A delivery of which nothing can be read. `code` is a value of ProblemCode, `detail` plain English."""

    def __init__(self, code: ProblemCode | str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = str(code)
        self.detail = detail
