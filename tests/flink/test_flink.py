"""The same flow on a real Flink cluster: same documents and alerts, whatever dies.

Each fault by itself, and many times: ``tools/flink_run.py``.
"""

import json
import signal

import pytest

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.timeout(1800)]

ALL = {"indexed": 60}


def finish(trial):
    """Publish what is left and wait until every entry has ended."""
    trial.vigie.site.shown = trial.vigie.site.entries
    trial.vigie.wait_until(lambda: trial.vigie.entries(trial.index) == ALL)


def test_a_job_is_stopped_rescaled_and_upgraded_over_savepoints(trial, vigie, flink, agree):
    with vigie.attach(trial.index, "--parallelism", "1") as run:
        vigie.wait_until(lambda: trial.indexed() >= 15 or run.poll() is not None)
        run.send_signal(signal.SIGTERM)
        printed, said = run.communicate(timeout=600)
    assert run.returncode == 0, said.decode()
    savepoint = json.loads(printed)["savepoint"]
    assert savepoint.startswith("file:")
    assert set(flink.jobs().values()) <= {"CANCELED", "FINISHED"}

    trial.parallelism = 4
    trial.submit("--from-savepoint", savepoint)
    trial.parallelism = 2
    trial.break_and_recover(15, "upgrade")
    finish(trial)
    assert agree(trial) == ALL
    # By then the timers of the savepoint, ten seconds of event time apart, have fired.
    vigie.wait_until(lambda: trial.checkpoints() >= 10)
    assert vigie.flink("status")["restarts"] == 0


def test_a_detached_job_outlives_each_of_its_processes_and_an_outage_of_its_index(
    served_trial, receiver, agree
):
    trial, vigie, flink = served_trial, served_trial.vigie, served_trial.cluster
    job = trial.submit()
    vigie.wait_until_indexed(trial.index, 15)
    with pytest.raises(RuntimeError, match=r"runs already .* vigie flink stop"):
        vigie.submit(trial.index)

    vigie.site.opened.clear()
    vigie.site.shown = 30
    vigie.wait_until(lambda: vigie.entries(trial.index).get("pending") == 15)
    for name in flink.task_managers():  # one of them is idle, left by the scenario before
        flink.kill(name)
    vigie.site.opened.set()
    flink.start_task_manager()
    vigie.wait_until_indexed(trial.index, 30)
    vigie.wait_until(lambda: vigie.flink("status")["last_failure"])

    trial.break_and_recover(15, "job_server", "job_manager")
    trial.break_and_recover(15, "worker", "elasticsearch")
    finish(trial)
    assert agree(trial) == ALL
    assert flink.jobs()[job] == "RUNNING"

    alerts = vigie.alerts(trial.index)
    vigie.wait_until(lambda: set(receiver.keys) == alerts)
    vigie.wait_until(lambda: receiver.keys.count(receiver.keys[0]) >= 2)
