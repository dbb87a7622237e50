"""Measure detection: articles per second, beside spaCy PhraseMatcher and a regex alternation.

    .venv/bin/python tools/bench_detection.py [--articles N]
    git worktree add /somewhere/base COMMIT
    .venv/bin/python tools/bench_detection.py --base /somewhere/base

One core. Articles have 3,000 characters, made from the written texts in ``tests/data``:
those without a subject are joined for “nothing matches”, and one text with a subject is put into
each for “every article matches”. spaCy is measured when it can be imported (for instance with
``PYTHONPATH`` pointing at another environment) and left out with a note otherwise.

With ``--base`` only the shipped subjects are measured, those of this tree and those of another by
turns, so that both have the same machine; the ratio of the times is what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
CODE = Path(os.environ.get("VIGIE_BENCH_CODE", ROOT))
"""The tree whose code is measured; the texts are always those of this one."""
if str(CODE) not in sys.path:
    sys.path.insert(0, str(CODE))

from turns import ask, start_worker  # noqa: E402

from pipelines.detection import identify_language, load_detector  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

CHARS = 3000
ROUNDS = 3
MANY_ROUNDS = 7
SYLLABLES = ("ba", "ko", "ri", "mel", "tan", "vor", "shi", "del", "pra", "zun", "gor", "lek")


ORDINARY = {
    "fr": """Le conseil municipal a voté mardi le budget de l’année prochaine. La maire a défendu
des dépenses prudentes, tandis que l’opposition réclamait un effort pour les écoles. Le trafic des
trains reprendra jeudi sur la ligne du littoral, fermée depuis les inondations. Selon la préfecture,
une centaine de familles ont été relogées. Le président de la région a promis une aide et un accord
avec les assureurs. À la Bourse, les valeurs de l’énergie ont gagné deux pour cent. Le ministre de
l’Économie recevra lundi les syndicats, qui demandent des garanties sur l’emploi. La sécurité des
chantiers fera l’objet d’une nouvelle loi. En Russie, la banque centrale a laissé son taux inchangé.
Les équipes de secours ont travaillé toute la nuit. L’exposition restera ouverte jusqu’en mars.""",
    "ru": """Городская дума во вторник приняла бюджет на следующий год. Мэр защищал осторожные
расходы, а оппозиция требовала больше денег на школы. Движение поездов по прибрежной линии
возобновится в четверг. По данным областной администрации, переселены около ста семей.
Губернатор пообещал помощь и
договор со страховщиками. На бирже бумаги энергетических компаний прибавили два процента. Министр
экономики в понедельник встретится с профсоюзами, которые просят гарантий занятости. Безопасность
на стройках станет предметом нового закона. Центральный банк России оставил ставку прежней.
Спасатели работали всю ночь. Выставка открыта до марта. Врачи советуют беречься от гриппа.""",
    "en": """The city council passed next year's budget on Tuesday. The mayor defended cautious
spending while the opposition asked for more money for schools. Trains will run again on the coastal
line from Thursday. About a hundred families have been rehoused, the county said. The governor
promised help and an agreement with insurers. Energy shares gained two per cent. The minister for
the economy will meet the unions, which ask for guarantees on jobs, on Monday. Safety and security
on building sites will be the subject of a new law. Russia's central bank left its rate unchanged.
Rescue teams worked through the night. The exhibition stays open until March.""",
}
"""Ordinary news, written for this measurement, with the words that treaties share with it."""


def articles(count: int, *, matching: bool) -> list[str]:
    """Return ``count`` articles of 3,000 characters, in three languages by turns.

    Each matching one holds a paragraph of the project's own labelled cases in its language, in
    its middle.
    """
    rng = random.Random(4)
    having = [item for item in _labelled() if item["subjects"] and item["lang"] in ORDINARY]
    made = []
    for number in range(count):
        found = having[number % len(having)]
        sentences = ORDINARY[found["lang"]].replace("\n", " ").split(". ")
        parts = [found["text"]] if matching else []
        while sum(map(len, parts)) + 2 * len(parts) < CHARS:
            parts.append(". ".join(rng.sample(sentences, 4)) + ".")
        half = max(1, len(parts) // 2)
        made.append("\n\n".join((*parts[1:half], *parts[:1], *parts[half:]))[:CHARS])
    return made


def hard_articles(count: int) -> list[str]:
    """Return articles made of nothing but hard negatives: homonyms in every sentence."""
    rng = random.Random(5)
    pool = [item["text"] for item in _labelled() if not item["subjects"]]
    made = []
    for _ in range(count):
        parts: list[str] = []
        while sum(map(len, parts)) < CHARS:
            parts.append(rng.choice(pool))
        made.append("\n\n".join(parts))
    return made


def _labelled() -> list[dict[str, Any]]:
    items = []
    for path in sorted((ROOT / "tests" / "data" / "detection").glob("*.jsonl")):
        items += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return items


def rate(function: Callable[[str], Any], made: list[str]) -> float:
    """Return the best number of articles per second of a few rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        for one in made:
            function(one)
        best = max(best, len(made) / (time.process_time() - start))
    return best


def rates(function: Callable[[str], Any], made: list[str]) -> str:
    """Return the rate of the best of some rounds, and that of the least time of each article.

    On a machine whose core is shared with others a whole round is never left alone; the least of
    several times of one article is what the code itself takes.
    """
    least = [float("inf")] * len(made)
    best = 0.0
    for _ in range(MANY_ROUNDS):
        began = time.process_time()
        for at, one in enumerate(made):
            start = time.perf_counter()
            function(one)
            least[at] = min(least[at], time.perf_counter() - start)
        best = max(best, len(made) / (time.process_time() - began))
    return f"{best:,.0f} articles/s (least time of each: {len(made) / sum(least):,.0f})"


def invented(count: int) -> list[str]:
    """Return ``count`` invented names: as many patterns, rarely met."""
    rng = random.Random(count)
    names: dict[str, None] = {}
    while len(names) < count:
        names["".join(rng.choice(SYLLABLES) for _ in range(4)).capitalize()] = None
    return list(names)


def own_rate(names: list[str], made: list[str]) -> tuple[float, int]:
    """Return the rate of a detector that tracks ``names``, and how many patterns it holds."""
    listed = ", ".join(names)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.yaml"
        path.write_text(
            "version: 1\nsubjects:\n  - id: names\n    kind: other\n    names: {en: Names}\n"
            f"    rule: {{words: {{en: [{listed}]}}}}\n"
            f"    tests: {{match: [{names[0]}], no_match: [nothing]}}\n",
            encoding="utf-8",
        )
        detector = load_detector([path])
    measured = rate(lambda one: detector.detect(title="", text=one, language="en"), made)
    return measured, detector.pattern_count


def spacy_rate(names: list[str], made: list[str]) -> float | None:
    """Return the rate of spaCy's PhraseMatcher, None when spaCy is not there."""
    try:
        import spacy  # noqa: PLC0415 - optional
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415 - optional
    except ImportError:
        return None
    nlp = spacy.blank("xx")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("names", list(nlp.pipe(names)))
    return rate(lambda one: matcher(nlp.make_doc(one)), made)


def regex_rate(names: list[str], made: list[str]) -> float | None:
    """Return the rate of a compiled alternation, None when the regex package is not there."""
    try:
        import regex  # noqa: PLC0415 - optional
    except ImportError:
        return None
    pattern = regex.compile(rf"\b(?:{'|'.join(map(regex.escape, names))})\w{{0,4}}\b", regex.I)
    return rate(lambda one: list(pattern.finditer(one)), made)


def compile_seconds() -> float:
    """Return how long the shipped rules take to compile in a new process, imports excluded."""
    code = (
        "import time; from pipelines.detection import load_detector; t = time.process_time(); "
        "load_detector(); print(time.process_time() - t)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


SETS = {
    "nothing matches": lambda count: articles(count, matching=False),
    "every article matches": lambda count: articles(count, matching=True),
    "only hard negatives": lambda count: hard_articles(max(10, count // 5)),
}


def work(count: int) -> None:
    """Answer each name of a set on standard input with the CPU seconds that its texts took."""
    detector = load_detector()
    sets = {name: make(count) for name, make in SETS.items()}
    languages = {one: identify_language(one) for made in sets.values() for one in made}
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.process_time()
        for one in sets[line.strip()]:
            detector.detect(title="", text=one, language=languages[one])
        print(time.process_time() - start, flush=True)


def compare(base: Path, count: int, rounds: int) -> None:
    """Print how long this tree takes for what the tree at ``base`` takes one second for."""
    script = Path(__file__)
    workers = [start_worker(script, tree, "--articles", str(count)) for tree in (base, ROOT)]
    print(f"{rounds} rounds by turns, {count} articles; time of this tree / time of {base.name}")
    for name in SETS:
        for one in workers:
            ask(one, name)
        pairs = [tuple(float(ask(one, name)) for one in workers) for _ in range(rounds)]
        ratios = sorted(own / other for other, own in pairs)
        low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        best = min(own for _, own in pairs) / min(other for other, _ in pairs)
        print(
            f"{name:<22} {statistics.median(ratios):.2f} (half of the rounds {low:.2f} to "
            f"{high:.2f}; best of each {best:.2f})"
        )
    for one in workers:
        one.communicate()


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--articles", type=int, default=1000, help="articles per measurement")
    parser.add_argument("--base", type=Path, help="compare with the tree there, by turns")
    parser.add_argument("--rounds", type=int, default=20, help="rounds of a comparison")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.work:
        work(options.articles)
        return 0
    if options.base:
        compare(options.base, options.articles, options.rounds)
        return 0
    detector = load_detector()
    nothing = articles(options.articles, matching=False)
    every = articles(options.articles, matching=True)

    languages = {one: identify_language(one) for one in (*nothing, *every)}

    def shipped(one: str) -> object:
        return detector.detect(title="", text=one, language=languages.get(one))

    length = sum(map(len, nothing)) // len(nothing)
    print(f"articles of {length} characters, one core, best of {MANY_ROUNDS} or {ROUNDS} rounds")
    print(f"compile the shipped rules       {compile_seconds():.2f} s ({detector.pattern_count})")
    print(f"shipped, nothing matches        {rates(shipped, nothing)}")
    print(f"shipped, every article matches  {rates(shipped, every)}")
    print(f"language identified             {rate(identify_language, nothing):,.0f} articles/s")
    hard = hard_articles(max(50, options.articles // 5))
    print(f"shipped, only hard negatives    {rates(shipped, hard)}")
    for count in (500, 5000):
        names = invented(count)
        salted = [f"{one[:1500]} {names[i % count]} {one[1500:]}" for i, one in enumerate(nothing)]
        measured, patterns = own_rate(names, salted)
        few = salted[: max(20, len(salted) // (5 if count == 500 else 50))]
        print(f"-- {count} names, each article holds one")
        print(f"Vigie ({patterns} patterns)   {measured:,.0f} articles/s")
        for name, other in (("regex alternation", regex_rate), ("spaCy", spacy_rate)):
            result = other(names, few)
            shown = "not installed: left out" if result is None else f"{result:,.0f} articles/s"
            print(f"{name:<25} {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
