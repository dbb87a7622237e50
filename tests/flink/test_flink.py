"""The same flow on a real Flink cluster: same documents, whatever dies."""

import json
import signal

import pytest

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.timeout(900)]


def test_a_job_that_is_stopped_and_resumed_at_another_parallelism_ends_with_the_same_documents(
    vigie, flink, flink_site, expected, tmp_path
):
    index = f"sqlite:{tmp_path}/vigie.db"
    flink_site.shown = 30
    with vigie.attach(index) as run:
        vigie.wait_until_indexed(index, 30)
        run.send_signal(signal.SIGTERM)
        printed, said = run.communicate(timeout=120)
    assert run.returncode == 0, said.decode()
    savepoint = json.loads(printed)["savepoint"]
    assert savepoint.startswith("file:")
    assert set(flink.jobs().values()) <= {"CANCELED", "FINISHED"}

    flink_site.shown = 60
    vigie.submit(index, "--from-savepoint", savepoint, "--parallelism", "2")
    vigie.wait_until_indexed(index, 60)
    assert vigie.documents(index) == expected
    assert vigie.entries(index) == {"indexed": 60}
    assert vigie.flink("status")["restarts"] == 0


def test_a_killed_task_manager_loses_and_doubles_nothing(
    vigie, flink, flink_site, expected, tmp_path
):
    index = f"sqlite:{tmp_path}/vigie.db"
    flink_site.shown = 30
    job = vigie.submit(index)
    vigie.wait_until_indexed(index, 30)
    flink_site.opened.clear()
    flink_site.shown = 60
    vigie.wait_until(lambda: vigie.entries(index).get("pending") == 30)
    (task_manager,) = flink.task_managers()
    flink.kill(task_manager)
    flink_site.opened.set()
    flink.start_task_manager()
    vigie.wait_until_indexed(index, 60)
    assert vigie.documents(index) == expected
    assert vigie.entries(index) == {"indexed": 60}
    assert flink.jobs()[job] == "RUNNING"
    assert vigie.flink("status")["last_failure"]
    with pytest.raises(RuntimeError, match=r"runs already .* vigie flink stop"):
        vigie.submit(index)
