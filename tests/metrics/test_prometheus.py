"""A real Prometheus scrapes a real process: every query runs, every fault shows."""

import json
import re
import subprocess

import pytest

pytestmark = pytest.mark.service

WINDOW = "1m"

QUIET_WITHOUT_A_FAULT = {
    "Feeds that overflowed in six hours",
    "Firing alerts",
    "Promise missed: searchable within 300 s",
    "Promise missed: alerted within an hour",
}
"""Panels that have nothing to show on a good day, or not before minutes of traffic."""


def test_the_live_exposition_passes_promtool(served, promtool):
    served.cause("traffic")
    _, text = served.get("/metrics")
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "vigie_lag_seconds_bucket" in text
    assert "_created" not in text


def test_readiness_follows_the_index_and_the_polls(served):
    assert served.get("/healthz") == (200, "ok\n")
    assert served.get("/readyz") == (503, "the index has not answered yet\n")
    served.cause("traffic")
    assert served.get("/readyz") == (200, "ready\n")
    served.cause("late_poll")
    status, text = served.get("/readyz")
    assert status == 503
    assert re.fullmatch(r"a feed has waited \d+ s for its poll\n", text)


def test_every_rule_and_every_panel_runs_and_panels_have_something_to_show(
    served, start_prometheus, rules, panel_queries
):
    served.cause("traffic")
    server = start_prometheus(served.port)
    server.wait_for_scrapes(2)
    served.cause("traffic")
    server.wait_for_scrapes(2)
    for rule in rules:
        server.query(rule["expr"])
    loaded = server.api("rules")["data"]["groups"]
    assert sum(len(group["rules"]) for group in loaded) == len(rules)
    empty = {
        title
        for title, expression in panel_queries
        if not server.query(expression.replace("$__rate_interval", WINDOW))
    }
    assert empty <= QUIET_WITHOUT_A_FAULT
    assert not server.firing()


@pytest.mark.slow
def test_every_fault_that_can_be_caused_at_once_shows_in_two_scrapes_and_fires(
    served, start_prometheus, rules, await_true
):
    expressions = {rule.get("alert"): rule["expr"] for rule in rules}
    served.cause("traffic")
    server = start_prometheus(served.port, hasty=True)
    server.wait_for_scrapes(3)
    faults = {
        "dead_letters": "VigieDeadLettersGrowing",
        "undelivered_alert": "VigieAlertsUndelivered",
        "rejected": "VigieIndexRejecting",
        "late_poll": "VigiePollsBehind",
        "failing_feeds": "VigieFeedsFailing",
        "overflow": "VigieFeedOverflow",
        "lost_entries": "VigieUnaccounted",
        "restarts": "VigieJobRestarting",
        "wrong_clock": "VigieClockSkew",
        "slow_search": "VigieSearchSlowFastBurn",
        "late_alerts": "VigieAlertsLateFastBurn",
        "stuck_watermark": "VigieWatermarkStuck",
        "index_overloaded": "VigieIndexRefusing",
        "index_away": "VigieIndexUnavailable",
    }
    for fault, alert in faults.items():
        assert alert not in server.firing(), f"{alert} fires before {fault}"
        served.cause(fault)
        server.wait_for_scrapes(2)
        assert server.query(expressions[alert]), f"{fault} does not show within two scrapes"
        fired = await_true(lambda name=alert: server.firing().get(name), f"{alert} after {fault}")
        assert "<" not in fired["annotations"]["summary"], fired["annotations"]["summary"]
    for follows in ("VigieSearchSlowSlowBurn", "VigieAlertsLateSlowBurn"):
        await_true(lambda name=follows: server.firing().get(name), follows)
    served.end()
    await_true(lambda: "VigieDown" in server.firing(), "VigieDown")


@pytest.mark.slow
def test_a_job_from_which_nothing_comes_out_fires(served, start_prometheus, await_true):
    server = start_prometheus(served.port, hasty=True)
    server.wait_for_scrapes(2)
    assert "VigieJobStuck" not in server.firing()
    served.cause("nothing_comes_out")
    server.wait_for_scrapes(2)
    await_true(lambda: server.firing().get("VigieJobStuck"), "VigieJobStuck")
    served.cause("traffic")
    await_true(lambda: "VigieJobStuck" not in server.firing(), "its end")


@pytest.mark.slow
def test_prometheus_scrapes_the_real_job(start_job, start_prometheus, await_true):
    job = start_job()
    server = start_prometheus(job.port)
    await_true(
        lambda: server.query('vigie_entries{outcome="indexed"} > 10'), "documents of the real job"
    )
    await_true(lambda: job.get("/readyz") == (200, "ready\n"), "readiness")
    assert float(server.query("vigie_entries_unaccounted")[0]["value"][1]) == 0
    assert float(server.query("sum(vigie_feeds)")[0]["value"][1]) == job.feeds
    kinds = {one["metric"]["kind"] for one in server.query("vigie_lag_seconds_count > 0")}
    assert kinds == {"publication", "discovery", "processing", "alert"}
    steps = {one["metric"]["step"] for one in server.query("vigie_step_inputs_total > 0")}
    assert {"PollFeeds", "FetchPages", "ExtractArticles", "IndexDocuments", "SendAlerts"} <= steps
    # The site has no more news by now: the watermark goes on all the same.
    (seen,) = await_true(
        lambda: server.query("max(vigie_watermark_timestamp_seconds) > 0"), "a watermark"
    )
    later = f"max(vigie_watermark_timestamp_seconds) > {seen['value'][1]} + 15"
    await_true(lambda: server.query(later), "its progress over an idle time")
    assert not server.firing()


@pytest.mark.slow
def test_alertmanager_gets_the_alert_and_the_cause_silences_what_follows_from_it(
    served, start_prometheus, alertmanager, amtool, await_true
):
    def known(state):
        done = subprocess.run(
            [
                amtool,
                "alert",
                "query",
                f"--{state}",
                "-o",
                "json",
                f"--alertmanager.url=http://{alertmanager}",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        found = json.loads(done.stdout or "[]") or []
        return {one["labels"]["alertname"] for one in found}

    served.cause("traffic")
    server = start_prometheus(served.port, hasty=True, alertmanager=alertmanager)
    server.wait_for_scrapes(2)
    served.cause("late_poll")
    await_true(lambda: "VigiePollsBehind" in known("active"), "the alert in Alertmanager")
    served.cause("index_away")
    await_true(lambda: "VigieIndexUnavailable" in known("active"), "the cause in Alertmanager")
    await_true(lambda: "VigiePollsBehind" in known("inhibited"), "the inhibition")


def test_several_processes_of_one_machine_add_up(start_served, start_prometheus, await_true):
    processes = [start_served(), start_served()]
    for process in processes:
        process.cause("traffic")
    server = start_prometheus(*(process.port for process in processes))
    counted = 'sum(vigie_step_inputs_total{step="DetectMentions",outcome="ok"})'
    await_true(
        lambda: [one["value"][1] for one in server.query(counted)] == ["10"], "both processes"
    )
    (feeds,) = server.query('max(vigie_feeds{health="healthy"})')
    assert feeds["value"][1] == "8"
