"""Logs: one line a record, as text or JSON, on standard error; no secret and no article in them.

The code writes a constant message with ``key=value`` pairs; as JSON the pairs become fields
beside those of the Elastic Common Schema. ``document`` and ``entry`` are the ids that tie the
lines of one article together, from the feed to the alert, over all processes. Other libraries'
records, Beam's among them, take the same way out.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal, cast

from connectors.masking import mask

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("text", "json")
DEFAULT_LEVEL = "WARNING"
DEFAULT_FORMAT = "text"

OURS = ("pipelines", "connectors")
CHATTY = ("apache_beam", "elastic_transport")
"""Told only when something is wrong, unless everything is asked for."""

PRISM = "PrismRunner"
"""The name under which Beam passes on what Prism says, from a logger that it sets to INFO."""

QUOTING = ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer")
"""Their records quote the pages: never let through below ERROR."""

_CONVERSION = re.compile(r"(?:(?<!\S)(\w+)=)?%(?:%|[-+ #0]*\d*(?:\.\d+)?[a-zA-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlan:
    """From which level on records are written, and in which format."""

    level: str = DEFAULT_LEVEL
    format: str = DEFAULT_FORMAT


def split_message(template: str, args: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    """Return the message without its ``key=value`` pairs, and those.

    >>> split_message("step failed step=%s document=%s", ("S", "d1"))
    ('step failed', {'step': 'S', 'document': 'd1'})
    >>> split_message("the job failed error=%s: %s", ("E", "why"))
    ('the job failed: why', {'error': 'E'})

    Raises:
        TypeError, ValueError: template and arguments do not fit.
    """
    values = iter(args)
    fields: dict[str, Any] = {}
    rest: list[Any] = []

    def take(found: re.Match[str]) -> str:
        conversion = found[0]
        if conversion.endswith("%%"):
            return conversion
        value = next(values, None)
        if found[1] is None:
            rest.append(value)
            return conversion
        known = value is None or isinstance(value, (bool, int, float))
        fields[found[1]] = value if known else str(value)
        return ""

    text = _CONVERSION.sub(take, template) % tuple(rest)
    return re.sub(r" +(?=[:,;.]|$)", "", re.sub(r"  +", " ", text)).strip(), fields


def describe_exception(error: BaseException, *, quoting: bool) -> str:
    """Return the traceback; where ``quoting`` is False without messages, which may quote texts."""
    if quoting:
        return "".join(traceback.format_exception(type(error), error, error.__traceback__)).strip()
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    parts = [
        "".join(traceback.format_tb(one.__traceback__)) + type(one).__name__
        for one in reversed(chain)
    ]
    return "\n".join(parts)


class _Formatter(logging.Formatter):
    def parts(self, record: logging.LogRecord) -> tuple[str, dict[str, Any], str]:
        """Return message, fields and traceback of ``record``; secrets are still in them."""
        message, fields = _read(record)
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return message, fields, ""
        # The dead letter has the message, with its input, behind the index's own rights.
        told = describe_exception(error, quoting=not {"document", "entry"} & fields.keys())
        return message, fields, told


class TextFormatter(_Formatter):
    """``TIME LEVEL LOGGER MESSAGE key=value …``; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return ``record`` as text."""
        message, fields, error = self.parts(record)
        pairs = "".join(f" {key}={value}" for key, value in fields.items())
        line = f"{_moment(record)} {record.levelname} {record.name} {message}{pairs}"
        line = line.replace("\r", "\\r").replace("\n", "\\n")
        return mask(f"{line}\n{error}" if error else line)


class JsonFormatter(_Formatter):
    """One JSON object a line, with the field names of the Elastic Common Schema."""

    def format(self, record: logging.LogRecord) -> str:
        """Return ``record`` as JSON."""
        message, fields, error = self.parts(record)
        found: dict[str, Any] = {
            "@timestamp": _moment(record),
            "log.level": record.levelname.lower(),
            "log.logger": record.name,
            "message": mask(message),
            "process.pid": record.process,
        }
        for key, value in fields.items():
            found.setdefault(key, mask(value) if isinstance(value, str) else value)
        if error and record.exc_info and record.exc_info[0]:
            found["error.type"] = record.exc_info[0].__name__
            found["error.stack_trace"] = mask(error)
        return json.dumps(found, ensure_ascii=False, default=str)


def _read(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    args = record.args if isinstance(record.args, tuple) else ()
    if record.name.partition(".")[0] in OURS and isinstance(record.msg, str):
        try:
            return split_message(record.msg, args)
        except (TypeError, ValueError):
            pass
    try:
        return record.getMessage(), {}
    except (TypeError, ValueError):
        return str(record.msg), {}


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def formatter(name: str) -> logging.Formatter:
    """Return the formatter ``name``: one of :data:`FORMATS`."""
    return JsonFormatter() if name == "json" else TextFormatter()


def set_up_logging(plan: LogPlan) -> None:
    """Log to standard error; replaces the root handler that importing Beam installs."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(plan.format))
    # Beam sets some of its loggers to INFO by itself, and never back.
    handler.setLevel(plan.level)
    handler.addFilter(_wanted_at(plan.level))
    logging.basicConfig(level=plan.level, handlers=[handler], force=True)
    logging.captureWarnings(capture=plan.level in {"DEBUG", "INFO"})
    for name, level in level_overrides(plan.level).items():
        logging.getLogger(name).setLevel(level)


def level_overrides(level: str) -> dict[str, str]:
    """Return the levels of loggers that do not follow ``level``.

    >>> level_overrides("DEBUG")["htmldate"], "apache_beam" in level_overrides("DEBUG")
    ('ERROR', False)
    >>> level_overrides("INFO")["apache_beam"]
    'WARNING'
    """
    overrides = dict.fromkeys(QUOTING, "ERROR")
    if level != "DEBUG":
        overrides |= dict.fromkeys(CHATTY, "WARNING" if level == "INFO" else "ERROR")
    return overrides


def _wanted_at(level: str) -> Callable[[logging.LogRecord], bool]:
    """Return what tells whether a record is written when ``level`` was asked for."""
    of_prism = getattr(logging, level_overrides(level).get("apache_beam", level))

    def is_wanted(record: logging.LogRecord) -> bool:
        if record.name == PRISM and record.levelno < of_prism:
            return False
        # Beam warns that Google's libraries are absent: nobody here needs them.
        return "apitools" not in str(record.msg)

    return is_wanted


def masked_record(record: logging.LogRecord, shaper: logging.Formatter) -> logging.LogRecord:
    """Return a record that says what ``shaper`` makes of ``record`` and carries nothing else.

    For handlers that send records on with their exceptions as they are, as Beam's does.
    """
    said = logging.makeLogRecord(record.__dict__)
    said.msg, said.args, said.exc_info, said.exc_text = shaper.format(record), (), None, None
    return said


def worker_experiment(plan: LogPlan) -> str:
    """Return the Beam experiment that carries the format to workers on a cluster."""
    return f"vigie_log_format={plan.format}"


def plan_of_experiments(experiments: list[str], level: str) -> LogPlan:
    """Return the plan in a job's ``experiments``; the environment wins (``VIGIE_LOG_FORMAT``).

    >>> plan_of_experiments(["beam_fn_api", "vigie_log_format=json"], "INFO").format
    'json'
    """
    named = dict(one.split("=", 1) for one in experiments if "=" in one)
    chosen = os.environ.get("VIGIE_LOG_FORMAT") or named.get("vigie_log_format", DEFAULT_FORMAT)
    known = cast("Literal['text', 'json']", chosen if chosen in FORMATS else DEFAULT_FORMAT)
    return LogPlan(level=level, format=known)
