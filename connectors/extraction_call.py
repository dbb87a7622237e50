"""The one way to extract from a page that is not trusted: guard, then sandbox. No Beam.

Importing this does not import trafilatura: only the workers need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.extraction_decoding import guard
from connectors.sandbox import (
    SandboxCrash,
    SandboxError,
    SandboxMemory,
    SandboxTimeout,
    SandboxUnavailable,
)

if TYPE_CHECKING:
    from connectors.extraction_outcomes import Extraction
    from connectors.records import Page
    from connectors.sandbox import Sandbox

PARSERS = "connectors.extraction_page"
"""The module to ``prepare`` a sandbox with before its first page."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (SandboxTimeout, "timeout"),
    (SandboxMemory, "out_of_memory"),
    (SandboxCrash, "parser_crash"),
)


def extract_safely(page: Page, sandbox: Sandbox) -> tuple[Extraction | None, str, str]:
    """Return (the extraction, ``ok``, ``""``), or (None, reason, detail) when it exceeded.

    The guard comes first and runs here; the parsers run in ``sandbox``.

    Raises:
        SandboxUnavailable: no worker can be had. The page is not at fault, so the caller has to
            fail and be retried.
    """
    reason = guard(page.body)
    if reason is not None:
        return None, reason, f"bytes={len(page.body)}"
    try:
        return sandbox.call(_extract, page), "ok", ""
    except SandboxUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - any fault of a parser is the page's, not the job's
        return None, *reason_of(error)


def reason_of(error: Exception) -> tuple[str, str]:
    """Return (reason, detail) of a page that a call of the sandbox ended with ``error`` for."""
    if isinstance(error, SandboxError):
        known = (word for kind, word in _REASONS if isinstance(error, kind))
        return next(known, "parser_error"), str(error)
    return "parser_error", f"{type(error).__name__}: {error}"[:500]


def _extract(page: Page) -> Extraction:
    from connectors.extraction_page import extract_article  # noqa: PLC0415 - in the worker only

    return extract_article(page, guarded=True)
