"""Contradictions and timelines on the page, from the findings of the index."""

from __future__ import annotations

import re
from dataclasses import replace

from connectors.backends import open_index
from connectors.index import IndexSettings
from pipelines.brief import render_brief, render_brief_of
from pipelines.brief.stages import MEANINGS
from pipelines.cli.search import STATUSES
from pipelines.findings import update_findings


def section(page, name):
    found = re.search(rf'<section aria-labelledby="h-{name}">(.*?)</section>', page, re.DOTALL)
    return found.group(1) if found else ""


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def render(documents, findings, subjects, now):
    return render_brief(
        documents, alerts=(), generated_at=now, subjects=subjects, findings=findings
    )


def test_both_sides_are_quoted_with_outlet_speaker_date_and_link(documents, find_in, subjects, now):
    page = render(documents, find_in(documents), subjects, now)
    told = section(page, "contradictions")
    words = plain(told)
    assert "sources disagree on the date" in words
    assert "H1 2026 “Orechnik sera déployé au Bélarus au premier semestre 2026.”" in words
    assert "Le Phare fr citing Varanets · 4 Mar 2025, 03:00 · read" in words
    assert "https://news.example/en" in told
    assert "resolved" not in words


def test_a_copy_is_no_other_source_and_one_side_contradicts_nobody(
    documents, find_in, subjects, now
):
    assert section(render(documents, find_in(documents[1:]), subjects, now), "contradictions") == ""
    copied = replace(documents[1], copy_of=documents[0].article.id)
    findings = find_in([documents[0], copied])
    assert section(render(documents, findings, subjects, now), "contradictions") == ""


def test_a_resolved_contradiction_is_folded_with_its_reason(documents, find_in, subjects, now):
    ended = [replace(one, resolved_at=now, resolution="revised") for one in find_in(documents)]
    words = plain(section(render(documents, ended, subjects, now), "contradictions"))
    assert words.startswith("Contradictions 1 resolved contradiction")
    assert "resolved: a source has revised it" in words
    assert section(render(documents, ended, subjects, now), "claims") == ""


def test_a_timeline_shows_each_stage_with_its_first_source_and_what_differs(
    documents, *, make_document, make_claim, find_in, subjects, now
):
    asked = make_document(
        "ask", claims=[make_claim("We ask.", status="requested", speaker="Varanets")], hours_ago=90
    )
    findings = find_in([*documents, asked])
    words = plain(section(render(documents, findings, subjects, now), "claims"))
    assert words.index("requested") < words.index("planned H1 2026, H2 2026")
    assert "planned H1 2026, H2 2026 citing Varanets · Le Phare and 1 other" in words
    assert "contradiction H1 2026 / H2 2026" in words


def test_the_page_shows_what_the_index_holds_stored_or_still_due(
    tmp_path, documents, subjects, now
):
    index = open_index(IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}"))
    index.write(documents)
    due = render_brief_of(index, names=subjects, now=now)
    update_findings(index)
    stored = render_brief_of(index, names=subjects, now=now)
    other = render_brief_of(index, names=subjects, now=now, subjects=["typhon"])
    index.close()
    assert section(stored, "contradictions")
    assert stored == due
    assert section(other, "contradictions") == ""


def test_a_disagreement_says_what_time_it_is_about_and_stages_are_explained(
    documents, *, make_document, make_claim, find_in, subjects, now
):
    there = make_document("there", claims=[make_claim("It is there.", status="completed")])
    gone = make_document("gone", claims=[make_claim("It is not there.", status="denied")])
    findings = [*find_in(documents), *find_in([there, gone])]
    page = render(documents, findings, subjects, now)
    words = plain(section(page, "contradictions"))
    assert "sources disagree on the date: when it is to come" in words
    assert "completed it is there or in service “It is there.”" in words
    assert "requested a side asks for it" in plain(section(page, "claims"))
    assert set(MEANINGS) == set(STATUSES)


def test_the_other_sources_of_a_side_are_folded_with_their_words(
    documents, *, make_document, make_claim, find_in, subjects, now
):
    more = [
        make_document(
            f"more{n}", claims=[make_claim(f"Also {n}.", when="2026-H2", speaker="Varanets")]
        )
        for n in range(6)
    ]
    told = section(render(documents, find_in([*documents, *more]), subjects, now), "contradictions")
    words = plain(told)
    assert "and 6 others “Also 0.”" in words
    assert "“Also 3.”" in words
    assert words.endswith("… and 2 more")
