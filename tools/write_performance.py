"""Write ``docs/performance.md`` from what ``tools/bench_flow.py`` printed.

    python tools/write_performance.py var/flow.json --beside "nothing else ran"

The text around the tables is here, so that a repeated measurement changes numbers only.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "docs" / "performance.md"
NAMES = {"direct": "DirectRunner (Prism)", "flink": "Flink, 2 Python workers"}
QUANTILES = ("p50", "p95", "p99")
HEAD = """# Performance

Written by `tools/write_performance.py` from one run of `tools/bench_flow.py`; do not edit. Other
measurements: [search and index](search.md), [extraction](extraction.md), [stories](stories.md).

| | |
|---|---|
| date, commit | {at}, {commit} |
| machine | {cores} cores, {machine}; load average before the run {load} |
| beside it | {beside} |
| command | `{command}` |

Everything shares these cores: the site that is read, Elasticsearch 9.4.3 (512 MB of heap), the
runner, Vigie. 20 feeds, each on a host of its own, are polled every 2 s with `min_delay_secs: 0`.
Pages are generated articles among {filler} teasers, {page_bytes} bytes each on average.
"""
THROUGHPUT = """
## Throughput

A backlog is shown at once; the rate is that of its pages from this moment until a search finds the
last of them, the wait for the next poll included. Elasticsearch was given {warm} pages before all
others, and each runner a first backlog before the measured one: a Java server compiles its code
while it meets its first some thousand pages ("first": the pages, and their rate). Beside it, before
and after: `trafilatura.extract(fast=True)` alone on the same pages, on one core.
"""
SPENT = """
## Where the time goes

Processor milliseconds a page, by kind of process, meanwhile. "extraction and parsing"
is trafilatura in its killable processes; "workers" and "vigie" are the Python that runs the flow;
"compiler" is what Java servers spend on compiling themselves, ever less the longer they run;
"site" and "elasticsearch" would be other machines in life. (Written to in batches of 100 on 21
November 2026, beside other work, the server took 7.9 ms of its compiler a page over its first 800
pages and .7 to 1.8 ms after 8,000; its writing threads took 3.8 ms a page at first, 1.3 ms then.)
"""
PROFILE = """
Inside the Python that runs the flow: the share of its busy samples (py-spy, 50 a second, over a
backlog of its own), by the innermost function of ours, or library where there is none.
"""
LAG = """
## Lag

Entries are shown one by one, at a share of the throughput above. Seconds from the moment the feed
shows an entry until a search finds it (the index is refreshed every half second, the search asks
every 0.2 s), and until the webhook has its alert; every twenty-first entry alerts.
"""
STAGES = """
Where it goes, p50 / p95 in seconds: until a poll has found the entry, until its page is fetched,
until the document is written, until a search finds it.
"""
RECOVERY = """
## Recovery

Four entries a second are shown. Seconds from SIGKILL to the first searchable document of an entry
that was shown afterwards. DirectRunner: `vigie run` and Prism are killed, and started again at
once. Flink: the only TaskManager and its Python workers are killed, and one is started; the job
begins again at its last checkpoint.
"""
STATE = """
## State

`tools/bench_state.py`: what DropSeen remembers of an address, over simulated days in event time on
Flink, with the step, state and timers of the monitor. An address is forgotten 30 days after it
was last seen, so the state stops growing then. {entries} entries a day, {bytes} bytes an address in
a checkpoint.
"""


def table(head: list[str], rows: list[list[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def of_throughput(runs: dict[str, dict]) -> str:
    rows = []
    for name, run in runs.items():
        full = run["throughput"]
        bare = full["bare_pages_per_sec_a_core"]
        per_core = round(full["pages_per_sec"] / full["cores_used"], 1)
        measured = [full["pages"], full["pages_per_sec"], full["cores_used"], per_core]
        first = f"{full['first']['pages']}, {full['first']['pages_per_sec']}"
        compared = [" / ".join(map(str, bare)), full["of_bare"], first, run["start_secs"]]
        rows.append([NAMES[name], *measured, *compared])
    head = ["runner", "pages", "pages/s", "cores busy", "pages/s a busy core"]
    return table([*head, "bare, pages/s", "of bare", "first", "start to first documents, s"], rows)


def of_processors(runs: dict[str, dict]) -> str:
    spent = {name: run["throughput"]["processor_ms_a_page"] for name, run in runs.items()}
    kinds = sorted({kind for one in spent.values() for kind in one})
    kinds.sort(key=lambda kind: -max(one.get(kind, 0.0) for one in spent.values()))
    rows = [[kind, *(one.get(kind, "") for one in spent.values())] for kind in kinds]
    rows.append(
        ["in all", *(run["throughput"]["processor_ms_a_page_in_all"] for run in runs.values())]
    )
    return table(["ms a page", *(NAMES[name] for name in runs)], rows)


def of_profile(name: str, run: dict) -> str:
    found = run["throughput"].get("profile", {})
    rows = [[f"`{place}`", f"{100 * share:.1f} %"] for place, share in found.items()]
    return table([NAMES[name], "share"], rows) if rows else ""


def of_lags(runs: dict[str, dict]) -> str:
    rows = []
    for name, run in runs.items():
        for one in run["lag"]:
            found, told = one["searchable_secs"], one["alerted_secs"]
            lags = (" / ".join(str(each.get(q, "–")) for q in QUANTILES) for each in (found, told))
            load = f"{one['share']:.0%}, {one['entries_per_sec']}/s"
            rows.append([NAMES[name], load, *lags, f"{found['number']}, {told['number']}"])
    measured = ["searchable p50 / p95 / p99, s", "alerted p50 / p95 / p99, s"]
    return table(["runner", "load", *measured, "entries, alerts"], rows)


def of_stages(runs: dict[str, dict]) -> str:
    measured = [(name, one) for name, run in runs.items() for one in run["lag"]]
    rows = [
        [
            NAMES[name],
            f"{one['share']:.0%}",
            *(f"{secs['p50']} / {secs['p95']}" for secs in one["stages_secs"].values()),
        ]
        for name, one in measured
    ]
    return table(["runner", "load", *measured[0][1]["stages_secs"]], rows)


def of_recovery(runs: dict[str, dict]) -> str:
    rows = [[NAMES[name], run["recovery_secs"]] for name, run in runs.items()]
    return table(["runner", "seconds"], rows)


def of_state(state: dict) -> str:
    sizes = state["checkpoint_bytes_by_day"]
    text = STATE.format(entries=state["entries_a_day"], bytes=state["bytes_an_address"])
    return text + table(["day", *sizes], [["checkpoint, kB", *(n // 1000 for n in sizes.values())]])


def document(report: dict, beside: str) -> str:
    """Return the whole page for ``report``."""
    runs = {name: report[name] for name in NAMES if name in report}
    load = " / ".join(f"{one:.1f}" for one in report["load_before"])
    size = next(iter(runs.values()))["throughput"]["page_bytes"]
    parts = [HEAD.format(**{**report, "load": load, "beside": beside, "page_bytes": size})]
    parts += [
        THROUGHPUT.format(warm=report["warm"]["pages"]),
        of_throughput(runs),
        SPENT,
        of_processors(runs),
    ]
    profiles = "".join(of_profile(name, run) for name, run in runs.items())
    parts += [PROFILE, profiles] if profiles else []
    parts += [LAG, of_lags(runs), STAGES, of_stages(runs), RECOVERY, of_recovery(runs)]
    parts += [of_state(report["state"])] if "state" in report else []
    return "".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("report", type=Path)
    parser.add_argument("--beside", required=True, help="what else ran on the machine")
    args = parser.parse_args()
    report = json.loads(args.report.read_text(encoding="utf-8"))
    TARGET.write_text(document(report, args.beside), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
