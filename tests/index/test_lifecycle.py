"""A server that manages the life of indices gets a policy; the stand-in keeps what is put."""

from __future__ import annotations

import fnmatch
import json
from urllib.parse import unquote

import pytest

from connectors.backends import open_index
from connectors.elastic.layout import KINDS, lifecycle_policy, mapping
from connectors.index import IndexSettings, IndexUnavailable


class ManagingServer:
    """Answers what a set-up asks, from ``stored``, and keeps what it puts."""

    def __init__(self, *, months=(), status=200):
        self.stored = {}
        self.months = {name: {} for name in months}
        self.status = status

    def __call__(self, method, path, body):
        path = unquote(path)
        if path == "/_ilm/status":
            error = {"error": {"type": "security_exception", "reason": "needs read_ilm"}}
            return self.status, json.dumps(error if self.status >= 400 else {}).encode()
        if method == "PUT":
            return self.put(path, json.loads(body or b"{}"))
        return self.get(path)

    def put(self, path, body):
        name, _, what = path.strip("/").partition("/")
        if what == "_settings":
            self.months[name] |= body["index"]["lifecycle"]
        else:
            self.stored[path] = body
        if name.startswith("vigie-articles-") and not what:
            parts = self.stored["/_component_template/vigie-articles@settings"]["template"]
            self.months[name] = parts["settings"]["index"].get("lifecycle", {})
        return 200, b'{"acknowledged": true}'

    def made(self, name):
        """Return the settings that an index has from its template."""
        parts = self.stored[f"/_component_template/{name}@settings"]["template"]["settings"]
        interval = parts["index"].get("refresh_interval")
        return {"settings": {"index.refresh_interval": interval} if interval else {}}

    def get(self, path):
        if path.endswith("/_mapping"):
            made = {p.strip("/") for p in self.stored if p.count("/") == 1}
            kinds = {f"vigie-{kind}": kind for kind in KINDS}
            names = fnmatch.filter({*self.months, *made}, path.split("/")[1])
            found = {name: mapping(kinds.get(name, "articles")) for name in names}
            return 200, json.dumps({n: {"mappings": m} for n, m in found.items()}).encode()
        if path.endswith(("/_refresh", "/_search")):
            return 200, b'{"hits": {"hits": []}}'
        if "/_settings/index.lifecycle.name" in path:
            found = {
                name: {"settings": {"index.lifecycle.name": one["name"]}}
                for name, one in self.months.items()
                if one
            }
            return 200, json.dumps(found).encode()
        if path.endswith("/_settings/index.refresh_interval"):
            names = path.split("/")[1].split(",")
            return 200, json.dumps({name: self.made(name) for name in names}).encode()
        if path not in self.stored:
            return 404, b'{"error": {"type": "resource_not_found_exception", "reason": "none"}}'
        name = path.rpartition("/")[2]
        one = self.stored[path]
        answers = {
            "_index_template": {"index_templates": [{"name": name, "index_template": one}]},
            "_ilm": {name: one},
            "_ingest": {name: one},
        }
        return 200, json.dumps(answers[path.split("/")[1]]).encode()


@pytest.fixture
def set_up(serve):
    def run(server, **changes):
        running = serve(server)
        index = open_index(IndexSettings(location=running.url, timeout_secs=5, **changes))
        try:
            return index.setup()
        finally:
            index.close()

    return run


def test_without_retention_articles_are_under_a_policy_that_keeps_them(set_up):
    server = ManagingServer()
    assert "create lifecycle policy vigie-articles: articles are kept for ever" in set_up(server)
    policy = server.stored["/_ilm/policy/vigie-articles"]["policy"]
    assert set(policy["phases"]) == {"hot"}
    settings = server.stored["/_component_template/vigie-articles@settings"]["template"]["settings"]
    assert settings["index"]["lifecycle"] == {"name": "vigie-articles"}
    others = server.stored["/_component_template/vigie-entries@settings"]["template"]["settings"]
    assert "lifecycle" not in others["index"]


def test_retention_becomes_the_policys_delete_phase_and_changes_with_it(set_up):
    server = ManagingServer()
    set_up(server, retention_months=12)
    stored = server.stored["/_ilm/policy/vigie-articles"]["policy"]
    assert stored["phases"]["delete"]["min_age"] == "403d"
    assert "delete" in stored["phases"]["delete"]["actions"]
    assert set_up(server, retention_months=24) == [
        "update lifecycle policy vigie-articles: articles are kept for 24 months"
    ]
    assert set_up(server, retention_months=24) == []


def test_months_made_before_are_put_under_the_policy_with_their_own_beginning(set_up):
    server = ManagingServer(months=["vigie-articles-2026.01"])
    line = "put index vigie-articles-2026.01 under lifecycle policy vigie-articles"
    assert line in set_up(server)
    assert server.months["vigie-articles-2026.01"] == {
        "name": "vigie-articles",
        "origination_date": 1_767_225_600_000,
    }


def test_a_server_without_lifecycles_is_asked_for_none(set_up):
    server = ManagingServer(months=["vigie-articles-2026.01"], status=400)
    set_up(server, retention_months=12)
    assert not [path for path in server.stored if "_ilm" in path]
    assert not any(server.months.values())


def test_a_user_who_may_not_manage_lifecycles_is_told(set_up):
    with pytest.raises(IndexUnavailable, match=r"lacks privileges.*needs read_ilm"):
        set_up(ManagingServer(status=403))


@pytest.mark.parametrize("months", [1, 12, 120])
def test_the_policy_keeps_at_least_the_promised_months(months):
    days = int(lifecycle_policy(months)["phases"]["delete"]["min_age"].removesuffix("d"))
    assert days >= 31 * (months + 1)
