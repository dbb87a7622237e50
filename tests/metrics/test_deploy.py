"""What is deployed fits the code: names, buckets, anchors, generated files; promtool agrees."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from connectors import metrics
from connectors.metrics_bounded import FeedCollector

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy" / "prometheus"
TESTS = sorted((DEPLOY / "tests").glob("*.yml"))
FOREIGN = {"process_resident_memory_bytes", "process_cpu_seconds_total"}


def load_tool(name):
    if str(ROOT / "tools") not in sys.path:
        sys.path.append(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def run(*command, cwd=DEPLOY):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.service
def test_promtool_and_amtool_accept_rules_and_configurations(promtool, amtool, tmp_path):
    run(promtool, "check", "rules", "vigie.rules.yml")
    run(promtool, "check", "config", "prometheus.yml")
    for path in (DEPLOY / "vigie.rules.yml", ROOT / "deploy" / "compose" / "prometheus.yml"):
        shutil.copy(path, tmp_path)
    run(promtool, "check", "config", "prometheus.yml", cwd=tmp_path)
    run(amtool, "check-config", "alertmanager.yml")


@pytest.mark.service
@pytest.mark.slow
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_promtool_proves_the_alerts(path, promtool):
    run(promtool, "test", "rules", path.name, cwd=path.parent)


def test_a_wider_alert_silences_the_narrower_ones_it_causes():
    rules = yaml.safe_load((DEPLOY / "alertmanager.yml").read_text(encoding="utf-8"))
    pairs = {
        (rule["source_matchers"][0], rule["target_matchers"][0]): rule.get("equal")
        for rule in rules["inhibit_rules"]
    }
    wider, narrower = 'alertname="VigieLanguageSilent"', 'alertname="VigieFeedSilent"'
    assert pairs[wider, narrower] == ["language"]
    assert (narrower, wider) not in pairs


def checks_of(alert):
    """Yield for every check of an alert whether it is expected to fire."""
    for path in TESTS:
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            for check in case["promql_expr_test"]:
                if f'alertname="{alert}"' in check["expr"]:
                    yield bool(check["exp_samples"])


def test_every_alert_has_a_case_that_fires_and_one_that_does_not(rules):
    alerts = [rule["alert"] for rule in rules if "alert" in rule]
    assert len(alerts) == len(set(alerts)) > 15
    lacking = [name for name in alerts if set(checks_of(name)) != {True, False}]
    assert not lacking


def test_every_alert_says_what_is_wrong_how_bad_and_where_to_read_on(rules):
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in runbook.splitlines()
        if line.startswith("#")
    }
    for rule in rules:
        if "alert" not in rule:
            continue
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        notes = rule["annotations"]
        assert notes["summary"], rule["alert"]
        assert notes["description"], rule["alert"]
        path, _, anchor = notes["runbook_url"].partition("#")
        assert path == "docs/runbook.md"
        assert anchor in anchors, rule["alert"]


def exposed_names():
    load_tool("generate_metrics_docs")
    names = set()
    for name, kind, _, _ in sys.modules["generate_metrics_docs"].rows():
        names |= (
            {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
        )
    return names


def names_in(expression):
    bare = re.sub(r"\{[^}]*\}|\"[^\"]*\"", "", expression)
    return set(re.findall(r"\bvigie[a-z0-9_:]*|\bprocess_\w+", bare))


def test_rules_and_dashboard_name_only_metrics_that_the_code_has(rules, panel_queries):
    recorded = {rule["record"] for rule in rules if "record" in rule}
    known = exposed_names() | recorded | FOREIGN
    for expression in [rule["expr"] for rule in rules] + [query for _, query in panel_queries]:
        assert names_in(expression) <= known, expression


def test_labels_in_rules_and_dashboard_are_those_of_the_metric(rules, panel_queries):
    labels = {
        name: set(shown.split(", ")) | {"le"}
        for name, _, shown, _ in load_tool("generate_metrics_docs").rows()
    }
    found = 0
    for expression in [rule["expr"] for rule in rules] + [query for _, query in panel_queries]:
        for name, chosen in re.findall(r"(vigie_\w+)\{([^}]*)\}", expression):
            base = re.sub(r"_(bucket|count|sum)$", "", name)
            used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", chosen))
            assert used <= labels[base], expression
            found += 1
    assert found > 30


def test_promises_are_measured_at_bounds_that_the_histogram_has(rules):
    bounds = {f"{float(bound)}" for bound in metrics.LAG_BUCKETS_SECS}
    used = {bound for rule in rules for bound in re.findall(r'le="([^"]+)"', rule["expr"])}
    assert used
    assert used <= bounds


def test_every_outcome_that_an_alert_counts_exists_from_the_start(rules):
    alerts = " ".join(rule["expr"] for rule in rules if "alert" in rule)
    pairs = set(re.findall(r'step="(\w+)",outcome="(\w+)"', alerts))
    assert pairs
    assert pairs <= set(metrics.START_AT_ZERO)


@pytest.mark.parametrize("tool", ["generate_metrics_docs", "generate_grafana"])
def test_the_generated_file_is_current(tool):
    run(sys.executable, f"tools/{tool}.py", "--check", cwd=ROOT)


def test_every_metric_is_documented_once():
    names = [row[0] for row in load_tool("generate_metrics_docs").rows()]
    assert len(names) == len(set(names))
    assert {f"{name}_total" for name, _ in FeedCollector.FAMILIES} <= set(names)
    assert all(re.fullmatch(r"vigie_[a-z_]+", name) for name in names)


def test_panels_of_the_dashboard_do_not_overlap():
    panels = load_tool("generate_grafana").dashboard()["panels"]
    taken = set()
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in panels}) == len(panels)
