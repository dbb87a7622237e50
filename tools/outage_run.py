"""Break the Elasticsearch under a working job in every way that the tests know; print figures.

    python tools/outage_run.py --outage-secs 120 [--faults stopped,disk_full]

Starts a server and an endless job over a news site that goes on publishing. Each fault gives one
JSON line: what ``vigie check`` said meanwhile, the series that showed it, the job's memory, and
how long it took until everything published was a document. Exit code 1 if anything is missing.
The long form of ``tests/failures/test_elasticsearch.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [
    str(Path(__file__).parents[1] / "tests" / "services"),
    str(Path(__file__).parents[1]),
]

import broken_elasticsearch  # noqa: E402 - found on the path that the line above adds
import faulty_proxy  # noqa: E402
import newsroom  # noqa: E402

from connectors.index import IndexSettings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = ("vigie_index_up", "vigie_entries_pending", "vigie_job_restarts_total")
MEGABYTE = 1_000_000


def is_down(series: dict[str, float]) -> bool:
    return series.get("vigie_index_up") == 0


def faults(
    broken: broken_elasticsearch.Broken, outage_secs: float, publish: int
) -> dict[str, Callable[[], broken_elasticsearch.Found]]:
    """Return by name how to go through each fault."""

    def answer(policy: faulty_proxy.Policy, **more: object) -> Callable[[], object]:
        set_policy = partial(setattr, broken.proxy, "policy")
        mend = partial(set_policy, faulty_proxy.pass_on)
        return partial(broken.suffer, partial(set_policy, policy), mend, publish=publish, **more)

    suffer = partial(broken.suffer, publish=publish)
    return {
        "stopped": partial(
            suffer, broken.stop_server, broken.start_server, shows=is_down,
            at_least_secs=outage_secs,
        ),
        "killed_in_bulk": partial(suffer, broken.restart_in_bulk, lambda: None),
        "overloaded": answer(faulty_proxy.overloaded(0.3), at_least_secs=20),
        "partly_refused": answer(faulty_proxy.partly_refused(0.3), at_least_secs=20),
        "too_large": answer(faulty_proxy.too_large(20_000), at_least_secs=20),
        "read_only": partial(suffer, broken.block_writes, broken.allow_writes, shows=is_down),
        "disk_full": partial(suffer, broken.fill_disk, broken.free_disk, shows=is_down),
        "wrong_password": answer(faulty_proxy.unknown_user, shows=is_down),
    }  # fmt: skip


def tell(name: str, broken: broken_elasticsearch.Broken, found: broken_elasticsearch.Found) -> None:
    line = {
        "fault": name,
        "lasted_secs": found.lasted_secs,
        "recovery_secs": found.recovery_secs,
        "check_code": found.check_code,
        "check_said": found.check_said[-200:],
        "series": {series: found.metrics.get(series) for series in SHOWN},
        "memory_mb": {
            "before": found.memory.first // MEGABYTE,
            "most": found.memory.most // MEGABYTE,
            "after": found.memory.last // MEGABYTE,
        },
        "published": broken.newsroom.shown,
        "ledger": broken.account(),
        "bad_answers": broken.proxy.faults,
    }
    print(json.dumps(line), flush=True)


def compare(broken: broken_elasticsearch.Broken, folder: Path) -> int:
    """Stop the job, compare with an undisturbed pass, and return the exit code."""
    newsroom.wait_for(lambda: not newsroom.held(broken.direct).undelivered)
    code = newsroom.stop(broken.process)
    received = broken.newsroom.received.copy()
    reference = IndexSettings(location=f"sqlite:{folder}/reference.db")
    newsroom.Vigie(broken.newsroom, reference, folder).run_until_done()
    wanted, found = newsroom.held(reference), newsroom.held(broken.direct)
    line = {
        "job_exit_code": code,
        "documents": len(wanted.documents),
        "documents_lost": len(wanted.documents.keys() - found.documents.keys()),
        "documents_doubled": sum(number - 1 for number in found.documents.values()),
        # Which of a development's two reports names its alert hangs on which came first.
        "alerts": len(wanted.developments),
        "alerts_lost": len(wanted.developments.keys() - found.developments.keys()),
        "alerts_extra": sum((found.developments - wanted.developments).values()),
        "alerts_not_delivered": len(found.alerts - received.keys()),
        "deliveries_repeated": received.total() - len(received),
    }
    print(json.dumps(line), flush=True)
    bad = ("documents_lost", "documents_doubled", "alerts_lost", "alerts_extra")
    return int(any(line[key] for key in (*bad, "alerts_not_delivered", "job_exit_code")))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--outage-secs", type=float, default=120.0)
    parser.add_argument("--publish", type=int, default=60, help="articles during each fault")
    parser.add_argument("--faults", help="only these, comma-separated")
    parser.add_argument("--shown", type=int, default=20, help="articles before the first fault")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broken = broken_elasticsearch.Broken(folder, entries=2000, shown=args.shown)
        try:
            broken.set_up()
            broken.start_job()
            known = faults(broken, args.outage_secs, args.publish)
            chosen = args.faults.split(",") if args.faults else known
            for fault in chosen:
                tell(fault, broken, known[fault]())
            return compare(broken, folder)
        finally:
            broken.close()


if __name__ == "__main__":
    sys.exit(main())
