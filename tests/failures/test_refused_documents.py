"""A document that the server will never take is a dead letter; its neighbours go on."""

import json
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from elasticsearch import Elasticsearch

from connectors.backends import open_index

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.timeout(900)]

ENTRIES = 20
DUPLICATES = 3


def tell(vigie, *words):
    done = vigie.tell(*words, "--metrics-port", "0", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def dead_letters(settings):
    index = open_index(settings, read_only=True)
    try:
        return index.dead_letters()
    finally:
        index.close()


def test_a_document_that_the_mapping_refuses_is_a_dead_letter_until_the_mapping_is_mended(
    newsrooms, origin, elastic_index, tmp_path
):
    client = Elasticsearch(elastic_index.location, request_timeout=60)
    month = f"{elastic_index.prefix}-articles-{datetime.now(timezone.utc):%Y.%m}"
    number = {"properties": {"subjects": {"type": "long"}}}
    client.indices.delete(index=month, ignore_unavailable=True)
    client.indices.create(index=month, mappings=number)
    with newsrooms.Newsroom(ENTRIES) as site:
        vigie = newsrooms.Vigie(site, elastic_index, tmp_path, origin)
        summary = tell(vigie, "run", "--once")
        assert summary["steps"]["IndexDocuments"] == {"ok": 16, "rejected": 4}
        assert summary["entries"] == {
            "indexed": 16, "dead_letter": 4, "duplicate": DUPLICATES,
        }  # fmt: skip
        letters = dead_letters(elastic_index)
        assert {(one.step, one.reason) for one in letters} == {
            ("IndexDocuments", "document_parsing_exception")
        }
        assert all("[subjects]" in one.detail for one in letters)
        assert vigie.tell("check").returncode == 0
        tolerant = {"subjects": {"type": "long", "ignore_malformed": True}}
        client.indices.put_mapping(index=month, properties=tolerant)
        chosen = ("--step", "IndexDocuments", "--reason", "document_parsing_exception")
        summary = tell(vigie, "replay", *chosen)
        assert summary["entries"] == {"indexed": ENTRIES, "duplicate": DUPLICATES}
        assert summary["dead_letters"] == 0
    client.close()


def test_a_document_that_is_too_large_for_what_stands_between_is_a_dead_letter(
    newsrooms, origin, faults, elastic_index, tmp_path
):
    proxy = faults.FaultyProxy(elastic_index.location)
    proxy.policy = faults.too_large(60_000)
    with newsrooms.Newsroom(ENTRIES) as site:
        site.long = {3}
        through = replace(elastic_index, location=proxy.url)
        vigie = newsrooms.Vigie(site, through, tmp_path, origin)
        summary = tell(vigie, "run", "--once")
        assert summary["entries"] == {
            "indexed": ENTRIES - 1, "dead_letter": 1, "duplicate": DUPLICATES,
        }  # fmt: skip
        (letter,) = dead_letters(elastic_index)
        assert (letter.step, letter.reason) == ("IndexDocuments", "too_large")
        assert letter.entry.url.endswith("/a/3")
        proxy.policy = faults.pass_on
        assert tell(vigie, "replay", "--reason", "too_large")["entries"]["indexed"] == ENTRIES
    proxy.close()
