"""Measure how many mention-bearing articles one core places in a second.

Articles are made of invented words with a natural frequency: 3,000 characters, two claims, names,
numbers; half are reports of 8 to a story in four scripts, a tenth are copies with words changed.
The window is filled first; then each further article is placed into it while the oldest leave.
Detection and claims are not part of the figure.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections import deque
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from connectors.records import Article, Claim, Document, Mention, stable_id
from pipelines.stories import StoryBook

START = datetime(2024, 12, 1, tzinfo=timezone.utc)
WINDOW = timedelta(days=14)
ALPHABETS = {
    "en": "abcdefghijklmnoprstuvw",
    "ru": "абвгдежзиклмнопрстуфхчш",
    "el": "αβγδεζικλμνοπρστ",
    "uk": "абвгдеєжзиіклмнопрстуф",
}
SUBJECTS = ("oreshnik", "agreement", "doctrine", "tnw", "iskander", "typhon", "tomahawk", "b61")
PLACES = ("BY", "DE", "UA", "PH", "PL")
STATUSES = ("requested", "possible", "planned", "underway", "completed", "denied")


def invented(rng: random.Random, alphabet: str, count: int) -> list[str]:
    return ["".join(rng.choices(alphabet, k=rng.randint(2, 11))) for _ in range(count)]


class Press:
    """Writes articles; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.words = {lang: invented(self.rng, a, 6000) for lang, a in ALPHABETS.items()}
        self.weights = [1 / (rank + 3) for rank in range(6000)]
        self.texts: deque[tuple[str, str]] = deque(maxlen=200)
        self.stories: deque[tuple[int, tuple[str, ...], tuple[Claim, ...]]] = deque(maxlen=40)

    def article(self, number: int, at: datetime) -> Document:
        rng = self.rng
        if rng.random() < 0.1 and self.texts:
            language, text = rng.choice(self.texts)
            words = text.split(" ")
            for _ in range(len(words) // 12):
                words[rng.randrange(len(words))] = rng.choice(self.words[language])
            text = " ".join(words)
        else:
            language = rng.choice(tuple(ALPHABETS))
            words = rng.choices(self.words[language], weights=self.weights, k=430)
            for place in range(0, 430, 14):
                words[place] = words[place].capitalize()
            for _ in range(6):
                words[rng.randrange(430)] = str(rng.randint(10, 3000))
            text = ". ".join(" ".join(words[n : n + 14]) for n in range(0, 430, 14))
        if rng.random() < 0.5 and self.stories:
            _, subjects, claims = rng.choice(self.stories)
        else:
            subjects = tuple(rng.sample(SUBJECTS, rng.randint(1, 3)))
            claims = tuple(
                Claim(
                    system=subjects[0], place=rng.choice(PLACES), status=rng.choice(STATUSES),
                    when="2025-H2", speaker="Somebody", start=0, end=9, evidence=text[:9],
                )
                for _ in range(2)
            )  # fmt: skip
            self.stories.append((number, subjects, claims))
        self.texts.append((language, text))
        return Document(
            article=Article(
                id=stable_id(str(number)), entry_id="", feed_id="", language=language,
                url=f"https://n{number % 300}.example/{number}", canonical_url="", author=None,
                title=text[:60], text=text, outlet=f"Outlet {number % 300}", published_at=at,
                date_source="feed", text_source="page", first_seen_at=at, fetched_at=at,
                content_hash="",
            ),
            mentions=tuple(
                Mention(subject=s, field="text", start=0, end=5, quote=text[:5]) for s in subjects
            ),
            claims=claims,
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--window", type=int, default=5000, help="articles in the window")
    parser.add_argument("--articles", type=int, default=2000, help="articles that are timed")
    args = parser.parse_args()
    press, step = Press(8), WINDOW / args.window
    total = args.window + args.articles
    documents = [press.article(n, START + n * step) for n in range(total)]
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    book = StoryBook()
    copies = 0
    for document in documents[: args.window]:
        book.place(document)
    after_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    laps: list[float] = []
    for number, document in enumerate(documents[args.window :]):
        if number % 100 == 0:
            book.forget(document.article.published_at - WINDOW)
        began = time.process_time()
        copies += book.place(document).copy_of is not None
        laps.append(time.process_time() - began)
    states = [
        len(json.dumps(book.state_of(d.article.id), separators=(",", ":")).encode())
        for d in documents[args.window :]
    ]
    print(
        json.dumps(
            {
                "window_articles": args.window,
                "timed_articles": args.articles,
                "articles_per_second": round(len(laps) / sum(laps)),
                "p50_ms": round(1000 * statistics.median(laps), 3),
                "p99_ms": round(1000 * statistics.quantiles(laps, n=100)[98], 3),
                "state_bytes_mean": round(statistics.mean(states)),
                "state_bytes_max": max(states),
                "memory_bytes_an_article": round(1024 * (after_kb - before_kb) / args.window),
                "copies_found": copies,
                "mean_chars": round(statistics.mean(len(d.article.text) for d in documents)),
            }
        )
    )


if __name__ == "__main__":
    main()
