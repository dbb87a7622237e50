"""Measures the index: how fast it takes documents, and how fast it answers.

For Elasticsearch the sink is compared with a bare ``streaming_bulk`` of the same documents into
the same kind of index in the same run. In each round each of them takes one batch of the same
size, in turns, and the round gives one proportion; the figure is their median, with quartiles.

- ``sink``: what Vigie does: looks up what is stored, makes the documents, keeps the ledger.
- ``bare``: what one would do otherwise: a generator makes the actions, ``streaming_bulk`` sends
  them. No look-up, no ledger.
- ``prepared``: the same with the actions made before the clock starts.

    python tools/bench_index.py --elasticsearch --rounds 12
    python tools/bench_index.py --index http://localhost:9200 --rounds 12
    python tools/bench_index.py --index sqlite:bench.db --documents 3000
"""

from __future__ import annotations

import argparse
import random
import secrets
import statistics
import sys
import time
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from elasticsearch import Elasticsearch, helpers

sys.path[:0] = [
    str(Path(__file__).parents[1] / "tests" / "services"),
    str(Path(__file__).parents[1]),
]

import elasticsearch_server  # noqa: E402 - found on the path that the line above adds

from connectors.backends import open_index  # noqa: E402
from connectors.elastic.bulk import MAX_OPERATIONS  # noqa: E402
from connectors.elastic.connection import Connection  # noqa: E402
from connectors.elastic.locating import partition  # noqa: E402
from connectors.elastic.shapes import shape_article  # noqa: E402
from connectors.index import Index, IndexSettings, SearchQuery  # noqa: E402
from connectors.records import Article, Document, stable_id  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BATCH = 500
"""Documents of one write, as ``IndexDocuments`` collects them under load."""

WARM_UP_ROUNDS = 2
CONTENDERS = ("sink", "bare", "prepared")
NOW = datetime.now(timezone.utc)
SYLLABLES = {
    "en": "mis sile de ploy ment tre aty bor der min ister said on state arms con trol",
    "ru": "ра ке та раз ме ще ние до го вор гра ни ца ми нистр за явил во ору же ние",
    "fr": "mis sile ac cord fron tière dé ploie ment mi nistre dé clar ation ar mée",
}
VOCABULARY_WORDS = 20_000


def make_documents(amount: int, seed: str) -> list[Document]:
    """Return articles of some 5 kB, each with words and an address of its own."""
    chance = random.Random(seed)
    vocabulary = {
        language: [
            "".join(chance.choices(parts.split(), k=chance.randint(1, 4)))
            for _ in range(VOCABULARY_WORDS)
        ]
        for language, parts in SYLLABLES.items()
    }
    return [_make(chance, vocabulary, f"{seed}-{number}") for number in range(amount)]


def _make(chance: random.Random, vocabulary: dict[str, list[str]], name: str) -> Document:
    language = chance.choice(list(vocabulary))
    # Word frequencies of a language (Zipf): rank r with probability 1/r.
    ranks = (int(VOCABULARY_WORDS ** chance.random()) - 1 for _ in range(500))
    words = [vocabulary[language][rank] for rank in ranks]
    text = ". ".join(" ".join(words[at : at + 12]) for at in range(0, len(words), 12))
    url = f"http://127.0.0.1/{name}"
    article = Article(
        id=stable_id(url),
        entry_id=stable_id("entry", name),
        feed_id="bench",
        url=url,
        canonical_url=url,
        title=" ".join(words[:8]),
        text=text,
        language=language,
        outlet="Bench",
        author=None,
        published_at=NOW,
        date_source="feed",
        text_source="page",
        first_seen_at=NOW,
        fetched_at=NOW,
        content_hash=stable_id(text),
    )
    return Document(article=article)


def write_all(index: Index, documents: list[Document]) -> float:
    """Write ``documents`` through the index; return documents per second."""
    started = time.perf_counter()
    for first in range(0, len(documents), BATCH):
        results = index.write(documents[first : first + BATCH])
        if {result.outcome for result in results} != {"created"}:
            raise SystemExit(f"not all were created: {results[0]}")
    return len(documents) / (time.perf_counter() - started)


class BareSink:
    """Writes with nothing but ``streaming_bulk``."""

    def __init__(self, settings: IndexSettings) -> None:
        self._connection = Connection(settings)
        self._client = Elasticsearch(settings.location, request_timeout=120)

    def actions(self, documents: list[Document]) -> Iterator[dict]:
        for document in documents:
            yield {
                "_op_type": "index",
                "_index": partition(self._connection, document.article.first_seen_at),
                "_id": document.article.id,
                "_source": shape_article(replace(document, indexed_at=NOW)),
            }

    def write(self, actions: Iterable[dict]) -> None:
        sent = helpers.streaming_bulk(
            self._client, actions, chunk_size=MAX_OPERATIONS, raise_on_error=False
        )
        if not all(stored for stored, _ in sent):
            raise SystemExit("not all were stored by the bare client")

    def close(self) -> None:
        self._client.close()
        self._connection.client.close()


def prepare(settings: IndexSettings) -> IndexSettings:
    """Return ``settings`` with a prefix of its own, set up and empty."""
    fresh = replace(settings, prefix=f"bench-{secrets.token_hex(4)}", timeout_secs=120)
    index = open_index(fresh)
    index.setup()
    index.close()
    return fresh


def drop(settings: IndexSettings) -> None:
    client = Elasticsearch(settings.location, request_timeout=120)
    names = list(client.indices.get(index=f"{settings.prefix}-*").body)
    client.indices.delete(index=names)
    client.indices.delete_index_template(name=f"{settings.prefix}-*")
    client.cluster.delete_component_template(name=f"{settings.prefix}-*")
    client.ingest.delete_pipeline(id=f"{settings.prefix}-*")
    client.close()


def compare(location: str, rounds: int, batch: int) -> None:
    """Print the proportion of the sink to the others; they take turns within each round.

    So all meet the same load of the machine. The first rounds warm the server up and do not
    count.
    """
    settings = {name: prepare(IndexSettings(location=location)) for name in CONTENDERS}
    sink = open_index(settings["sink"])
    bare, prepared = BareSink(settings["bare"]), BareSink(settings["prepared"])
    sink.check()
    wall: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    cpu: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    documents = make_documents((rounds + WARM_UP_ROUNDS) * batch, "bench")
    # All have met all words, as after the first hours of a run.
    for document in documents:
        shape_article(document)
    for number in range(rounds + WARM_UP_ROUNDS):
        part = documents[number * batch : (number + 1) * batch]
        actions = list(prepared.actions(part))
        writes = {
            "sink": partial(sink.write, part),
            "bare": lambda part=part: bare.write(bare.actions(part)),
            "prepared": partial(prepared.write, actions),
        }
        turn = number % len(CONTENDERS)
        for name in (*CONTENDERS[turn:], *CONTENDERS[:turn]):
            started, used = time.perf_counter(), time.process_time()
            writes[name]()
            wall[name].append(time.perf_counter() - started)
            cpu[name].append(time.process_time() - used)
    print(f"{sink.totals().documents} of {len(documents)} documents stored by the sink")
    for index in (sink, bare, prepared):
        index.close()
    for one in settings.values():
        drop(one)
    report(wall, cpu, batch)


def report(wall: dict[str, list[float]], cpu: dict[str, list[float]], batch: int) -> None:
    for name in CONTENDERS:
        secs = statistics.median(wall[name][WARM_UP_ROUNDS:])
        used = statistics.median(cpu[name][WARM_UP_ROUNDS:]) / batch * 1000
        print(f"{name}: {batch / secs:,.0f} documents/s, {used:.2f} ms of our processor each")
    for other in CONTENDERS[1:]:
        proportions = [
            theirs / ours for ours, theirs in zip(wall["sink"], wall[other], strict=True)
        ][WARM_UP_ROUNDS:]
        low, middle, high = statistics.quantiles(proportions, n=4)
        print(
            f"sink in proportion to {other}: {middle:.2f} "
            f"(quartiles {low:.2f} to {high:.2f}, {len(proportions)} rounds)"
        )


def measure_embedded(location: str, amount: int) -> None:
    """Print the rate of writing and the time of searches."""
    index = open_index(IndexSettings(location=location))
    documents = make_documents(amount, secrets.token_hex(4))
    print(f"write: {write_all(index, documents):,.0f} documents/s")
    size = index.health()["bytes"]
    total = index.totals().documents
    print(f"size: {size / total / 1000:.1f} kB a document, {total} documents")
    words = [documents[n].article.text.split()[3].strip(".") for n in range(50)]
    times = []
    for word in words:
        started = time.perf_counter()
        index.search(SearchQuery(text=word))
        times.append(time.perf_counter() - started)
    times.sort()
    print(f"search: median {times[25] * 1000:.1f} ms, 95th percentile {times[47] * 1000:.1f} ms")
    index.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--index", help="sqlite:PATH (a new file) or the address of a server")
    where.add_argument("--elasticsearch", action="store_true", help="start a server for the run")
    parser.add_argument("--documents", type=int, default=2000, help="for sqlite:")
    parser.add_argument("--rounds", type=int, default=12, help="for Elasticsearch")
    parser.add_argument("--batch", type=int, default=BATCH, help="documents of one write")
    args = parser.parse_args()
    if args.elasticsearch:
        server = elasticsearch_server.ElasticsearchServer()
        try:
            server.start()
            compare(server.url, args.rounds, args.batch)
        finally:
            server.close()
    elif args.index.startswith("sqlite:"):
        measure_embedded(args.index, args.documents)
    else:
        compare(args.index, args.rounds, args.batch)


if __name__ == "__main__":
    main()
