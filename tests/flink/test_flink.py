"""The same flow on a real Flink cluster: same documents and alerts, whatever dies."""

import json
import signal

import pytest

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.timeout(900)]

ALL = {"indexed": 60}


def finish(trial):
    """Publish what is left and wait until every entry has ended."""
    trial.vigie.site.shown = trial.vigie.site.entries
    trial.vigie.wait_until(lambda: trial.vigie.entries(trial.index) == ALL)


def test_a_job_is_stopped_rescaled_and_upgraded_over_savepoints(trial, vigie, flink, agree):
    with vigie.attach(trial.index) as run:
        vigie.wait_until(lambda: trial.indexed() >= 15 or run.poll() is not None)
        run.send_signal(signal.SIGTERM)
        printed, said = run.communicate(timeout=120)
    assert run.returncode == 0, said.decode()
    savepoint = json.loads(printed)["savepoint"]
    assert savepoint.startswith("file:")
    assert set(flink.jobs().values()) <= {"CANCELED", "FINISHED"}

    trial.submit("--from-savepoint", savepoint)
    trial.break_and_recover("rescale", 15)
    assert trial.parallelism == 2
    trial.break_and_recover("upgrade", 15)
    finish(trial)
    assert agree(trial) == ALL
    assert vigie.flink("status")["restarts"] == 0


def test_a_killed_task_manager_loses_and_doubles_nothing(trial, vigie, flink, flink_site, agree):
    job = trial.submit()
    vigie.wait_until_indexed(trial.index, 15)
    flink_site.opened.clear()
    flink_site.shown = 45
    vigie.wait_until(lambda: vigie.entries(trial.index).get("pending") == 30)
    flink.kill(flink.task_managers()[0])
    flink_site.opened.set()
    flink.start_task_manager()
    finish(trial)
    assert agree(trial) == ALL
    assert flink.jobs()[job] == "RUNNING"
    assert vigie.flink("status")["last_failure"]
    with pytest.raises(RuntimeError, match=r"runs already .* vigie flink stop"):
        vigie.submit(trial.index)


def test_a_job_outlives_its_job_manager_its_job_server_and_its_workers(trial, vigie, flink, agree):
    job = trial.submit()
    vigie.wait_until_indexed(trial.index, 15)
    trial.break_and_recover("job_server", 15)
    trial.break_and_recover("job_manager", 15)
    trial.break_and_recover("worker", 15)
    finish(trial)
    assert agree(trial) == ALL
    assert flink.jobs()[job] == "RUNNING"


def test_while_elasticsearch_is_away_work_waits(trial, vigie, elasticsearch, agree):
    trial.index, trial.elasticsearch, trial.outage_secs = elasticsearch.url, elasticsearch, 10
    vigie.set_up(trial.index)
    trial.submit()
    vigie.wait_until_indexed(trial.index, 15)
    trial.break_and_recover("elasticsearch", 15)
    finish(trial)
    assert agree(trial) == ALL


def test_a_detached_job_delivers_again_what_a_receiver_refused(trial, vigie, receiver):
    url = f"http://127.0.0.1:{receiver.server_port}/"
    vigie.channels = {"hook": {"type": "webhook", "url": url}}
    trial.submit()
    vigie.wait_until_indexed(trial.index, 15)
    vigie.wait_until(lambda: receiver.keys)
    alerts = len(vigie.alerts(trial.index))
    vigie.wait_until(lambda: len(receiver.keys) == alerts + 1)
    assert receiver.keys.count(receiver.keys[0]) == 2
    assert len(set(receiver.keys)) == alerts
