"""What is wrong with a subject file, told so that an analyst can mend it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where it stands and what was expected there."""

    file: str
    line: int
    path: str
    message: str
    subject: str | None = None

    def __str__(self) -> str:
        """Return the fault on one line: ``file:line: subject: path: message``."""
        parts = [f"{self.file}:{self.line}"]
        if self.subject:
            parts.append(f"subject {self.subject}")
        if self.path:
            parts.append(self.path)
        return ": ".join([*parts, self.message])


class SubjectsError(UserError):
    """The subject files cannot be used; ``faults`` holds everything that is wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean …?)`` for a misspelt ``word``, or nothing.

    >>> suggestion("any_off", ["any_of", "all_of"])
    ' (did you mean any_of?)'
    >>> suggestion("xyzzy", ["any_of"])
    ''
    """
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""
