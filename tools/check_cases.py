"""Check the written evaluation cases in tests/data against the label guide.

Usage: ``python tools/check_cases.py [DIRECTORY]`` (default: ``tests/data``).

Every line of ``detection/*.jsonl``, ``times/*.jsonl`` and ``stories/*.jsonl`` is read; each fault
is printed as ``file:line: what is wrong``. Exit code 0 when there is none, 1 when there are some,
2 when there is nothing to check.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SYSTEMS = frozenset(
    {
        "tnw",
        "su25-nuclear",
        "oreshnik",
        "iskander",
        "typhon",
        "sm6",
        "tomahawk",
        "dark-eagle",
        "kinzhal",
        "zircon",
        "avangard",
        "kh101",
        "b61",
    }
)
SUBJECTS = SYSTEMS | {"agreement", "concept", "doctrine"}
STATUSES = frozenset(
    {"requested", "possible", "planned", "underway", "completed", "denied", "suspended", "used"}
)
LANGUAGES = frozenset(
    {
        "fr",
        "en",
        "ru",
        "be",
        "uk",
        "pl",
        "de",
        "es",
        "it",
        "pt",
        "cs",
        "sk",
        "bg",
        "sr",
        "ro",
        "hu",
        "lt",
        "tr",
        "el",
        "zh",
        "ja",
        "ar",
        "nl",
        "sv",
        "fi",
        "lv",
        "et",
        "ko",
        "fa",
    }
)
PLACE = re.compile(r"[A-Z]{2}")
SPEAKER = re.compile(r"[A-Z][A-Za-z' -]+")
VALUE = re.compile(r"\d{4}(-(Q[1-4]|H[12]|SP|SU|FA|WI|(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?))?")
DETECTION_KEYS = frozenset(
    {"id", "lang", "published_at", "title", "text", "mentions", "subjects", "claims", "note"}
)
TIME_KEYS = frozenset({"lang", "base", "text", "value"})
STORY_KEYS = frozenset(
    {"id", "url", "outlet", "lang", "published_at", "title", "text", "story", "copy_of"}
)
Item = dict[str, Any]


def _is_value(text: object) -> bool:
    """Tell whether ``text`` is a value of the guide, with a day that exists."""
    if not isinstance(text, str) or not VALUE.fullmatch(text):
        return False
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
    return True


def _faults_of_head(item: Item, keys: frozenset[str]) -> Iterator[str]:
    if set(item) != keys:
        yield f"keys differ: {sorted(set(item) ^ keys)}"
    if item.get("lang") not in LANGUAGES:
        yield f"unknown language {item.get('lang')!r}"
    if "published_at" in keys:
        try:
            datetime.strptime(item["published_at"], "%Y-%m-%dT%H:%M:%S%z")
        except (KeyError, TypeError, ValueError):
            yield f"published_at is no UTC time: {item.get('published_at')!r}"
    for field in keys & {"title", "text"}:
        value = item.get(field)
        if not isinstance(value, str) or not value.strip() or value != value.strip():
            yield f"{field} is empty or padded"


def _faults_of_mention(item: Item, mention: Item) -> Iterator[str]:
    quote, field = mention["quote"], mention["field"]
    if mention["subject"] not in SUBJECTS:
        yield f"unknown subject {mention['subject']!r}"
    if field not in {"title", "text"}:
        yield f"unknown field {field!r}"
    elif not quote or quote not in item[field]:
        yield f"quote {quote!r} is not in the {field}"


def _faults_of_claim(item: Item, claim: Item) -> Iterator[str]:
    if claim["system"] not in SYSTEMS:
        yield f"unknown system {claim['system']!r}"
    elif claim["system"] not in item["subjects"]:
        yield f"claim about {claim['system']}, which is no subject of the item"
    if claim["status"] not in STATUSES:
        yield f"unknown status {claim['status']!r}"
    if claim["place"] is not None and not PLACE.fullmatch(claim["place"]):
        yield f"place {claim['place']!r} is no ISO country"
    if claim["when"] is not None and not _is_value(claim["when"]):
        yield f"when {claim['when']!r} is no value of the guide"
    if claim["speaker"] is not None and not SPEAKER.fullmatch(claim["speaker"]):
        yield f"speaker {claim['speaker']!r} is not in Latin letters"
    if not claim["evidence"] or claim["evidence"] not in item["text"] + "\n" + item["title"]:
        yield f"evidence {claim['evidence']!r} is not in the item"


def detection_faults(items: list[Item]) -> Iterator[tuple[int, str]]:
    """Yield (line number, fault) of detection items."""
    seen = Counter(item.get("id") for item in items)
    for number, item in enumerate(items, 1):
        faults = list(_faults_of_head(item, DETECTION_KEYS))
        if seen[item.get("id")] > 1:
            faults.append(f"id {item.get('id')!r} is not unique")
        if not faults:
            for mention in item["mentions"]:
                faults.extend(_faults_of_mention(item, mention))
            for claim in item["claims"]:
                faults.extend(_faults_of_claim(item, claim))
            if item["subjects"] != sorted({mention["subject"] for mention in item["mentions"]}):
                faults.append("subjects are not those of the mentions")
        for fault in faults:
            yield number, fault


def time_faults(items: list[Item]) -> Iterator[tuple[int, str]]:
    """Yield (line number, fault) of time expressions."""
    seen = Counter((item.get("lang"), item.get("base"), item.get("text")) for item in items)
    for number, item in enumerate(items, 1):
        for fault in _faults_of_head(item, TIME_KEYS):
            yield number, fault
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(item.get("base"))) or not _is_value(
            item.get("base")
        ):
            yield number, f"base is no day: {item.get('base')!r}"
        if item.get("value") is not None and not _is_value(item["value"]):
            yield number, f"value {item['value']!r} is no value of the guide"
        if seen[item.get("lang"), item.get("base"), item.get("text")] > 1:
            yield number, "the same expression twice"


def story_faults(items: list[Item]) -> Iterator[tuple[int, str]]:
    """Yield (line number, fault) of stories: order, ids, and what copies point to."""
    earlier: dict[str, Item] = {}
    urls: set[str] = set()
    last = ""
    for number, item in enumerate(items, 1):
        faults = list(_faults_of_head(item, STORY_KEYS))
        if not faults:
            if item["id"] in earlier:
                faults.append(f"id {item['id']!r} is not unique")
            if item["url"] in urls:
                faults.append(f"url {item['url']!r} is not unique")
            if item["published_at"] < last:
                faults.append("not in order of arrival")
            original = earlier.get(item["copy_of"]) if item["copy_of"] else None
            if item["copy_of"] and original is None:
                faults.append(f"copy_of {item['copy_of']!r} is no earlier article")
            if original and original["copy_of"]:
                faults.append("copy_of must be the first article, not another copy")
            if original and (original["story"], original["lang"]) != (item["story"], item["lang"]):
                faults.append("a copy has another story or language than its original")
            urls.add(item["url"])
            earlier[item["id"]] = item
            last = item["published_at"]
        for fault in faults:
            yield number, fault


CHECKS: dict[str, Callable[[list[Item]], Iterator[tuple[int, str]]]] = {
    "detection": detection_faults,
    "times": time_faults,
    "stories": story_faults,
}


def check_file(path: Path, check: Callable[[list[Item]], Iterator[tuple[int, str]]]) -> int:
    """Print the faults of one file and a line of counts; return the number of faults."""
    items: list[Item] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            item = json.loads(line)
        except ValueError as error:
            print(f"{path}:{number}: no JSON: {error}")
            return 1
        if not isinstance(item, dict):
            print(f"{path}:{number}: no JSON object")
            return 1
        items.append(item)
    faults = list(check(items))
    for number, fault in faults:
        print(f"{path}:{number}: {fault}")
    languages = Counter(item.get("lang") for item in items)
    print(f"{path}: {len(items)} items, {len(languages)} languages, {len(faults)} faults")
    return len(faults)


def main(arguments: list[str]) -> int:
    """Check all files of a directory; return the exit code."""
    root = Path(arguments[0]) if arguments else Path("tests/data")
    paths = [
        (path, check) for name, check in CHECKS.items() for path in root.glob(f"{name}/*.jsonl")
    ]
    if not paths:
        print(f"{root}: no case files", file=sys.stderr)
        return 2
    return 1 if sum(check_file(path, check) for path, check in sorted(paths)) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
