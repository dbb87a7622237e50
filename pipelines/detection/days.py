"""A day in a subject file."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _day(value: object) -> date:
    try:
        if isinstance(value, str) and len(value) == len("2024-09-01"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("day", "expected a day such as 2024-09-01")


Day = Annotated[date, BeforeValidator(_day)]
