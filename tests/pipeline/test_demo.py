"""The demo finds in its site what the site says of itself."""

import json

import pytest

from connectors.backends import open_index
from pipelines.cli import main
from pipelines.cli.demo import demo_settings, run_demo
from pipelines.demo.server import DemoSite
from pipelines.steps.stories import forget_books


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    forget_books()
    with DemoSite() as site:
        result = run_demo(demo_settings(site, folder / "demo.db"), folder, "http://127.0.0.1:0/")
        yield site, result


def test_every_page_gives_its_subjects_and_nothing_else(shown):
    site, result = shown
    found = {one.article.title: set(one.subjects) for one in result.documents}
    wanted = {page.title: set(page.subjects) for page in site.expected}
    assert {title: found.get(title) for title in wanted} == wanted


def test_the_copy_is_a_copy_and_does_not_alert(shown):
    site, result = shown
    ids = {one.article.url: one.article.id for one in result.documents}
    by_slug = {page.slug: page for page in site.expected}
    copies = [page for page in site.expected if page.copy_of]
    assert copies
    for page in copies:
        document = next(one for one in result.documents if one.article.url == page.url)
        assert document.copy_of == ids[by_slug[page.copy_of].url]
        assert page.url not in {alert.url for alert in result.alerts}


def test_traps_alert_nobody(shown):
    site, result = shown
    traps = {page.url for page in site.expected if page.trap and not page.subjects}
    assert len(traps) >= 2
    assert not traps & {alert.url for alert in result.alerts}


def test_every_entry_is_accounted_for(shown):
    site, result = shown
    assert sum(result.summary.totals.entries.values()) == site.entry_count
    assert "pending" not in result.summary.totals.entries


def test_at_least_seven_languages_are_told_right(shown):
    site, result = shown
    found = {one.article.title: one.article.language for one in result.documents}
    wanted = {page.title: page.language for page in site.expected}
    assert len(set(wanted.values())) >= 7
    assert {title: found.get(title) for title in wanted} == wanted


def test_the_briefing_and_the_metrics_are_left_behind(shown):
    _, result = shown
    assert result.briefing.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "vigie_step_inputs_total" in result.metrics_file.read_text(encoding="utf-8")


def test_the_command_prints_one_json_object_in_a_pipe(tmp_path, capsys):
    forget_books()
    assert main(["demo", "--json", "--folder", str(tmp_path / "demo")]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["documents"] == len(shown["documents_found"])
    index = open_index(demo_index(tmp_path), read_only=True)
    assert index.totals().alerts == len(shown["alerts_sent"])
    index.close()


def demo_index(tmp_path):
    from connectors.index import IndexSettings

    return IndexSettings(location=f"sqlite:{tmp_path / 'demo' / 'vigie.db'}")
