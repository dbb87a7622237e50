"""Run a pure function over documents so that a failing one harms nobody else."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from connectors import metrics
from connectors.index import IndexUnavailable
from connectors.records import SETTLED, Article, Document, Entry, Settlement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)
DETAIL_CHARS = 500


def entry_of(article: Article) -> Entry:
    """Return the entry behind ``article``, as far as the article still knows it."""
    return Entry(
        id=article.entry_id,
        feed_id=article.feed_id,
        feed_url="",
        first_seen_at=article.first_seen_at,
        url=article.url or None,
        title=article.title or None,
        author=article.author,
        outlet=article.outlet,
        language=article.language,
        published_at=article.published_at,
    )


def failed(article: Article, *, step: str, reason: str, detail: str) -> Settlement:
    """Return the dead letter of ``article`` at ``step``."""
    return Settlement(
        entry=entry_of(article),
        outcome="dead_letter",
        step=step,
        reason=reason,
        detail=detail[:DETAIL_CHARS],
        settled_at=datetime.now(timezone.utc),
        document_id=article.id,
    )


def attempt(
    step: str, function: Callable[[Any], Document], element: Article | Document
) -> Iterator[Any]:
    """Yield ``function(element)``; if it fails, the element's dead letter on the tag SETTLED."""
    started = time.perf_counter()
    article = element.article if isinstance(element, Document) else element
    try:
        result = function(element)
    except IndexUnavailable:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        log.warning("step failed step=%s document=%s", step, article.id, exc_info=True)
        metrics.count(step, "dead_letter", entry=article.entry_id, document=article.id)
        letter = failed(article, step=step, reason="unexpected", detail=detail)
        yield beam.pvalue.TaggedOutput(SETTLED, letter)
        return
    metrics.STEP_SECONDS.labels(step).observe(time.perf_counter() - started)
    metrics.count(step, "ok", entry=article.entry_id, document=article.id)
    yield result


class ApplyFn(beam.DoFn):
    """Applies what ``load()`` returns to every element; a failure becomes a dead letter.

    Args:
        step: label of the step in metrics and dead letters.
        load: importable function that builds the (costly) function once per worker.
    """

    def __init__(self, step: str, load: Callable[[], Callable[[Any], Document]]) -> None:
        super().__init__()
        self._step = step
        self._load = load
        self._function: Callable[[Any], Document] | None = None

    def setup(self) -> None:
        """Build the function once."""
        self._function = self._load()

    def process(self, element: Article | Document) -> Iterator[Any]:
        """Yield the result, or the element's dead letter."""
        if self._function is None:
            raise RuntimeError("process was called before setup")
        yield from attempt(self._step, self._function, element)


def together(word: str) -> tuple[str, str]:
    """Return ``word`` under the one key that brings all of them to one worker."""
    return "together", word


def at_time(output: Any, timestamp: beam.utils.timestamp.Timestamp) -> Any:  # noqa: ANN401 - any element, tagged or not
    """Return ``output`` as ``finish_bundle`` must yield it: with its timestamp and window."""
    if isinstance(output, beam.pvalue.TaggedOutput):
        value = WindowedValue(output.value, timestamp, [GlobalWindow()])
        return beam.pvalue.TaggedOutput(output.tag, value)
    return WindowedValue(output, timestamp, [GlobalWindow()])
