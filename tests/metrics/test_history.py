"""What is judged by its own last week: a real Prometheus with nine days behind it."""

import time

import pytest

pytestmark = [pytest.mark.service, pytest.mark.slow]

DAYS = 9
STEP_SECS = 600
FAMILIES = {
    "vigie_feed_entries_total": (
        # series, entries a day until yesterday, and since then
        ('feed="feed-0",language="ru"', 100, 0),
        ('feed="lively",language="en"', 100, 90),
        ('feed="seldom",language="fi"', 1, 0),
    ),
    "vigie_mentions_total": (
        ('subject="tnw"', 60, 0),
        ('subject="oreshnik"', 60, 40),
        ('subject="rarely"', 2, 0),
    ),
    "vigie_step_inputs_total": (
        ('step="ExtractArticles",outcome="ok"', 2000, 2000),
        ('step="ExtractArticles",outcome="soft_404"', 0, 0),
    ),
}


def history(port, now):
    """Return nine days of counters as the process at ``port`` would have shown them."""
    lines = []
    for name, series in FAMILIES.items():
        lines.append(f"# TYPE {name.removesuffix('_total')} counter")
        for labels, before, since in series:
            value = 0.0
            for age in range(DAYS * 86_400, 0, -STEP_SECS):
                value += (before if age > 86_400 else since) * STEP_SECS / 86_400
                where = f'instance="127.0.0.1:{port}",job="vigie",{labels}'
                lines.append(f"{name}{{{where}}} {value:.3f} {now - age}")
    return "\n".join([*lines, "# EOF", ""])


def test_silence_of_a_feed_a_language_a_subject_and_a_change_of_pages_fire(
    served, start_prometheus, await_true
):
    past = history(served.port, int(time.time()))
    server = start_prometheus(served.port, hasty=True, history=past)

    def firing(name, label):
        alerts = server.api("alerts")["data"]["alerts"]
        return {one["labels"].get(label) for one in alerts if one["labels"]["alertname"] == name}

    await_true(lambda: firing("VigieFeedSilent", "feed") == {"feed-0"}, "the silent feed alone")
    await_true(lambda: firing("VigieLanguageSilent", "language") == {"ru"}, "its language alone")
    await_true(lambda: firing("VigieSubjectSilent", "subject") == {"tnw"}, "the subject alone")
    assert "VigieExtractionShift" not in server.firing()
    served.cause("sites_changed")
    server.wait_for_scrapes(2)
    await_true(lambda: "VigieExtractionShift" in server.firing(), "the shift")
