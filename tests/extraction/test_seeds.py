"""The first real input: everything its labels say comes out, and none of the furniture."""

# ruff: noqa: E501 - markup and tables read better unbroken

import json
import re
from datetime import datetime

import pytest

from connectors.extraction_call import extract_safely

FURNITURE = ("cookies", "lecteur38", "anonyme", "Abonnez-vous", "barbecues", "À lire aussi", "Mentions légales", "Commentaires", "Tout accepter")  # fmt: skip


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"\[[^]]*\]", "", text))


@pytest.mark.parametrize("from_feed", [True, False])
def test_every_label_of_the_seeds_comes_out(seeds, sandbox, make_page, make_entry, from_feed):
    assert seeds
    for document, body in seeds:
        url = f"http://127.0.0.1:8000/{document['path']}"
        known = {"outlet": document["outlet"], "title": document["title"]} if from_feed else {}
        page = make_page(body, entry=make_entry(url=url, **known), url=url)
        found, outcome, _ = extract_safely(page, sandbox)
        assert outcome == found.outcome == "ok", document["path"]
        assert found.title == document["title"]
        assert found.outlet == document["outlet"]
        assert found.language == document["language"]
        assert found.published_at == datetime.fromisoformat(document["published_at"])
        assert found.date_source == "json_ld"
        assert found.canonical_url == url
        missing = [
            c["evidence"]
            for c in document["claims"]
            if plain(c["evidence"]) not in plain(found.text)
        ]
        assert not missing, json.dumps(missing, ensure_ascii=False)
        assert not [words for words in FURNITURE if words in found.text], document["path"]


def test_the_weapons_named_only_in_the_furniture_are_not_in_the_text(seeds, sandbox, make_page):
    spellings = {
        "tomahawk": "Tomahawk",
        "kinzhal": "Kinjal",
        "zircon": "Zircon",
        "typhon": "Typhon",
    }
    checked = 0
    for document, body in seeds:
        found, _, _ = extract_safely(make_page(body), sandbox)
        for subject, word in spellings.items():
            if subject not in document["subjects"]:
                assert word not in found.text, document["path"]
                checked += 1
    assert checked > 0
