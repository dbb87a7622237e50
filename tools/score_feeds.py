"""Hold the feed parser to feedparser's own expectations, from a checkout beside this one.

Each of feedparser's test files carries an expression on the result of ``feedparser.parse``. It is
evaluated on what :func:`connectors.feed_parsing.parse_feed` gives instead, in the sandbox's place:
``feed`` has title, language and ttl, an entry has link, id, title, author, summary, content and
its date. An expression that asks for anything else (enclosures, rights, geography …) is not ours
and is counted as such. Titles and texts are compared as their words: an Entry's title has no
markup, and its texts are not sanitised here but where they are read.

Run: python tools/score_feeds.py PATH [--show 20]
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.extraction_page import text_of_html
from connectors.feed_document import plain_title
from connectors.feed_parsing import parse_feed
from connectors.records import Entry, Feed

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = ("encoding", "entities", "illformed", "wellformed")
OTHERS = {"sanitize": "sanitising HTML", "sgml": "the loose parser"}
FEED = Feed(id="f", url="http://127.0.0.1:8097/")
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
EXPECTED = re.compile(r"Description:\s*(.*?)\s*Expect:\s*(.*?)\s*-->", re.DOTALL)
HEADER = re.compile(r"^Header:\s+([^:]+):(.*)$", re.MULTILINE)
ASKED_FIELD = re.compile(r"\['(\w+)'\]|\]\.(\w+)")
OUR_FIELDS = frozenset(
    """
    title language ttl link id guid author summary description published_parsed updated_parsed
    date_parsed content value
    """.split()  # noqa: SIM905 - names read better as words
)


class NotOurs(Exception):
    """The expression asks for a field that an Entry does not have."""


class Words(str):
    """A text that equals whatever has the same words, markup aside."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and (str(self) == other or words(self) == words(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Fields(dict[str, Any]):
    """What we know of a feed or an entry, asked as feedparser's own dictionaries are."""

    def __missing__(self, key: str) -> Any:  # noqa: ANN401 - raises
        raise NotOurs(key)

    def __getattr__(self, key: str) -> Any:  # noqa: ANN401 - any field
        return self[key]

    def get(self, key: str, _: object = None) -> Any:  # noqa: ANN401 - any field
        return self[key]

    def __contains__(self, key: object) -> bool:
        raise NotOurs(str(key))


def words(text: str) -> list[str]:
    return (plain_title(text_of_html(text)) or "").split()


def known(entry: Entry) -> Fields:
    moment = entry.published_at.utctimetuple() if entry.published_at else None
    texts = [entry.content_html or "", entry.summary_html or ""]
    found = {
        "link": entry.url,
        "id": entry.guid,
        "guid": entry.guid,
        "title": entry.title,
        "author": entry.author,
        "summary": entry.summary_html,
        "description": entry.summary_html,
        "published_parsed": moment,
        "updated_parsed": moment,
        "date_parsed": moment,
    }
    fields = Fields(
        {key: Words(value) if isinstance(value, str) else value for key, value in found.items()}
    )
    fields["content"] = [Fields(value=Words(text)) for text in texts if text]
    return fields


def cases(folder: Path) -> Iterator[tuple[str, bytes, str, str | None, str]]:
    """Yield name, bytes, address, content type and expression of each test file."""
    for path in sorted(one for part in FOLDERS for one in (folder / part).rglob("*.xml")):
        body = path.read_bytes()
        found = None
        for encoding in (
            "utf-8",
            "utf-16",
            "utf-32",
            "utf-16-le",
            "utf-16-be",
            "utf-32-le",
            "utf-32-be",
            "cp037",
        ):
            found = found or EXPECTED.search(body.decode(encoding, "ignore"))
        if found:
            headers = dict(HEADER.findall(body.decode("utf-8", "ignore")))
            named = {key.lower(): value.strip() for key, value in headers.items()}
            url = (
                named.get("content-location")
                or FEED.url + path.relative_to(folder.parent).as_posix()
            )
            yield (
                path.relative_to(folder).as_posix(),
                body,
                url,
                named.get("content-type"),
                found[2],
            )


def judge(body: bytes, url: str, content_type: str | None, expression: str) -> str:
    parsed = parse_feed(body, url=url, content_type=content_type, feed=FEED, fetched_at=NOW)
    head = Fields(
        title=Words(parsed.title or ""),
        language=parsed.language,
        ttl=str(parsed.ttl_secs // 60) if parsed.ttl_secs is not None else None,
    )
    asked = {
        "feed": head,
        "channel": head,
        "entries": [known(entry) for entry in parsed.entries],
        "datetime": dt,
        "bozo": parsed.problem is not None or bool(parsed.detail),
    }
    fields = {name for pair in ASKED_FIELD.findall(expression) for name in pair if name}
    if not fields or fields - OUR_FIELDS:
        return "not ours"
    try:
        holds = eval(expression, {"__builtins__": {"len": len, "str": str, "all": all}}, asked)  # noqa: S307 - feedparser's own tests
    except IndexError:
        return "no entry"
    except (NotOurs, NameError, AttributeError, TypeError, KeyError, SyntaxError):
        return "not ours"
    return "as expected" if holds else "otherwise"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "path", type=Path, metavar="PATH", help="a checkout of kurtmckee/feedparser"
    )
    parser.add_argument("--show", type=int, default=0, help="cases that end otherwise, so many")
    args = parser.parse_args()
    folder = args.path / "tests"
    if not (folder / "wellformed").is_dir():
        raise SystemExit(f"PATH: no tests of feedparser in {args.path}")
    counts: dict[str, Counter[str]] = {}
    otherwise = []
    for name, body, url, content_type, expression in cases(folder):
        parts = name.split("/")
        kind = "/".join(parts[:-1][:2])
        if parts[1] in OTHERS:
            continue
        verdict = judge(body, url, content_type, expression)
        counts.setdefault(kind, Counter())[verdict] += 1
        if verdict in {"otherwise", "no entry"}:
            otherwise.append(f"  {verdict}: {name}: {expression[:150]}")
    total: Counter[str] = Counter()
    for kind, one in sorted(counts.items()):
        total += one
        print(f"{kind:28} {dict(one)}")
    asked = total["as expected"] + total["otherwise"] + total["no entry"]
    print(
        f"{total['as expected']} of {asked} as expected ({total['as expected'] / asked:.1%}), "
        f"{total['not ours']} not ours"
    )
    print("\n".join(otherwise[: args.show]))


if __name__ == "__main__":
    main()
