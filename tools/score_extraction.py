"""Score extraction on a public set that was fetched beside the checkout, by the set's own measure.

Takes the path of a checkout of adbar/trafilatura (its ``tests`` hold pages with sentences that
must and must not come out) or of scrapinghub/article-extraction-benchmark (news pages with
their text; shingles of four words). The set's own code does the scoring; nothing of it is kept
here. Three columns: trafilatura fast, trafilatura as it is by default, and Vigie.

Run: python tools/score_extraction.py PATH [--show 10]
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import logging
import sys
import time
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trafilatura import extract

from connectors.extraction_page import extract_article
from connectors.records import Entry, Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

NOW = datetime(2024, 12, 7, tzinfo=timezone.utc)
WITHOUT_COMMENTS = {"include_comments": False}


def read_by_vigie(html: bytes) -> str:
    entry = Entry(id="", feed_id="", feed_url="", first_seen_at=NOW)
    page = Page(entry=entry, outcome="ok", fetched_at=NOW, body=html)
    return extract_article(page).text


EXTRACTORS: dict[str, Callable[[bytes], str | None]] = {
    "trafilatura fast": partial(extract, fast=True, **WITHOUT_COMMENTS),
    "trafilatura": partial(extract, **WITHOUT_COMMENTS),
    "vigie": read_by_vigie,
}


def load(path: Path) -> ModuleType:
    """Return the module at ``path``: the set's own scorer."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"PATH: no module at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def report(name: str, figures: dict[str, float], spent: float, pages: int) -> None:
    named = "  ".join(f"{key} {value:.4f}" for key, value in figures.items())
    print(f"{name:>16}  {named}  {spent / pages * 1000:.1f} ms a page", flush=True)


def score_sentences(folder: Path, show: int) -> None:
    """Score on trafilatura's pages: sentences that must come out, and that must not."""
    scorer = load(folder / "eval_common.py")
    annotations = scorer.load_evaldata(str(folder))
    pages = scorer.read_corpus(str(folder), annotations)
    errors: dict[str, dict[str, int]] = {}
    for name, run in EXTRACTORS.items():
        matrix = scorer.ConfusionMatrix()
        errors[name] = {}
        started = time.process_time()
        for url, (_, html) in pages.items():
            _, counts, _ = scorer.run_and_count(run, html, annotations[url])
            matrix.add(counts)
            errors[name][annotations[url]["file"]] = counts[1] + counts[2]
        figures = dict(zip(scorer.METRICS, matrix.scores(), strict=True))
        report(name, figures, time.process_time() - started, len(pages))
    compare(errors, show)


def score_shingles(folder: Path, show: int) -> None:
    """Score on the benchmark of news pages: shingles of words shared with the true text."""
    scorer = load(folder / "evaluate.py")
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    errors: dict[str, dict[str, float]] = {}
    for name, run in EXTRACTORS.items():
        found = {}
        started = time.process_time()
        for key in truth:
            html = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
            found[key] = {"articleBody": run(html) or ""}
        spent = time.process_time() - started
        scores = scorer.evaluate(truth, found, 200)
        kept = ("precision", "recall", "f1", "f1_std")
        report(name, {key: scores[key] for key in kept}, spent, len(truth))
        errors[name] = {
            key: round(1 - one[0], 3) for key, one in zip(truth, scores["tp_fp_fns"], strict=True)
        }
    compare(errors, show)


def compare(errors: dict[str, dict[str, float]], show: int) -> None:
    """Print the pages on which Vigie and bare trafilatura differ most."""
    ours, bare = errors["vigie"], errors["trafilatura fast"]
    by_loss = sorted(ours, key=lambda page: bare[page] - ours[page])
    for page in by_loss[:show] + by_loss[len(by_loss) - show :]:
        if ours[page] != bare[page]:
            print(f"  errors: bare {bare[page]:g}, vigie {ours[page]:g}: {page}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, metavar="PATH", help="a checkout of one of the two sets")
    parser.add_argument("--show", type=int, default=0, help="pages that differ most, each way")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if (args.path / "tests" / "evaldata.json").exists():
        score_sentences(args.path / "tests", args.show)
    elif (args.path / "ground-truth.json").exists():
        score_shingles(args.path, args.show)
    else:
        raise SystemExit(f"PATH: neither of the two sets: {args.path}")


if __name__ == "__main__":
    main()
