"""One endless job over a real Elasticsearch that stops, refuses, fills up and comes back.

After every fault everything that was published is a document, the ledger says so, and the job's
memory is what it was. The job is never restarted.
"""

import os
from functools import partial

import pytest

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.timeout(1800)]

OUTAGE_SECS = float(os.environ.get("VIGIE_OUTAGE_SECS", "15"))
MOST_GROWTH_BYTES = 200_000_000
"""Of the job and its workers, over what they had before the fault: Prism and the libraries' own
growth in their first minutes; ten thousand held articles would be far more."""


def is_down(series):
    return series.get("vigie_index_up") == 0


def is_pending(series):
    return series.get("vigie_entries_pending", 0) > 0


def bounded(found):
    return found.memory.most < found.memory.first + MOST_GROWTH_BYTES


@pytest.fixture
def policy(broken):
    """Make the proxy answer by a policy."""
    return partial(partial, setattr, broken.proxy, "policy")


def test_a_server_that_is_stopped_under_load_and_started_again_loses_nothing(broken):
    found = broken.suffer(
        broken.stop_server,
        broken.start_server,
        publish=40,
        shows=is_down,
        at_least_secs=OUTAGE_SECS,
    )
    assert found.check_code == 3
    assert f"{broken.proxy.url}: the server is overloaded or not ready (status 502)" in (
        found.check_said
    )
    assert bounded(found)


def test_a_server_that_is_killed_while_it_works_on_a_bulk_request_loses_nothing(broken):
    found = broken.suffer(broken.restart_in_bulk, lambda: None, publish=20)
    assert bounded(found)


def test_429_and_503_to_every_third_request_are_repeated_until_all_is_stored(
    broken, policy, faults
):
    before = broken.proxy.faults
    found = broken.suffer(policy(faults.overloaded(0.3)), policy(faults.pass_on), publish=40)
    assert found.check_code == 0, found.check_said
    assert broken.proxy.faults > before
    assert bounded(found)


def test_operations_that_are_refused_one_by_one_are_repeated_one_by_one(broken, policy, faults):
    before = broken.proxy.faults
    found = broken.suffer(policy(faults.partly_refused(0.3)), policy(faults.pass_on), publish=40)
    assert found.check_code == 0, found.check_said
    assert broken.proxy.faults > before
    assert broken.account().get("dead_letter") is None


def test_requests_that_are_too_large_are_halved(broken, policy, faults):
    before = broken.proxy.faults
    limit = policy(faults.too_large(20_000))
    broken.suffer(limit, lambda: None, publish=40)
    policy(faults.pass_on)()
    assert broken.proxy.faults > before
    assert broken.account().get("dead_letter") is None


def test_a_read_only_index_is_told_and_waited_for(broken):
    found = broken.suffer(broken.block_writes, broken.allow_writes, publish=20, shows=is_down)
    assert found.check_code == 3
    assert "blocked for writing (read-only, or the disk is nearly full)" in found.check_said
    assert bounded(found)


def test_a_disk_that_the_server_calls_full_is_told_and_waited_for(broken):
    found = broken.suffer(broken.fill_disk, broken.free_disk, publish=20, shows=is_down)
    assert found.check_code == 3
    assert "blocked for writing (read-only, or the disk is nearly full)" in found.check_said
    assert bounded(found)


def test_a_wrong_password_is_told_and_the_right_one_takes_up_the_work(broken, policy, faults):
    found = broken.suffer(
        policy(faults.unknown_user), policy(faults.pass_on), publish=20, shows=is_down
    )
    assert found.check_code == 3
    assert "the server refuses access: check api_key or username and password" in found.check_said
    assert bounded(found)


def test_after_all_that_every_document_and_every_alert_is_there_once(
    broken, newsrooms, origin, tmp_path
):
    from connectors.index import IndexSettings

    reference = newsrooms.Vigie(
        broken.newsroom, IndexSettings(location=f"sqlite:{tmp_path}/reference.db"), tmp_path, origin
    )
    newsrooms.wait_for(lambda: not newsrooms.held(broken.direct).undelivered)
    assert newsrooms.stop(broken.process) == 0
    delivered = set(broken.newsroom.received)
    reference.run_until_done()
    wanted, found = newsrooms.held(reference.index), newsrooms.held(broken.direct)
    assert found.documents == wanted.documents
    # Which of a development's two reports names its alert hangs on which came first.
    assert found.developments == wanted.developments == dict.fromkeys(wanted.developments, 1)
    assert found.alerts == delivered
    assert found.entries == wanted.entries
