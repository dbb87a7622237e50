"""Archives go through the same steps: resumable, without alerts, all in the ledger."""

import gzip
import io
import json
import sqlite3
from functools import partial

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from connectors.backends import open_index
from pipelines.archives import BadLine, now, read_archive
from pipelines.replaying import build_backfill
from pipelines.runtime import run_bounded

TEXT = "The Oreshnik missile system may be deployed in Belarus, the minister said in Minsk. " * 3


def backfill(settings, *paths, alerting="none"):
    build = partial(build_backfill, [str(path) for path in paths])
    return run_bounded(settings, build, alerting=alerting)


def stored(settings):
    index = open_index(settings.index, read_only=True)
    try:
        return list(index.documents()), index.totals()
    finally:
        index.close()


def json_lines(path, *records):
    lines = "\n".join(r if isinstance(r, str) else json.dumps(r) for r in records)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        path.write_text(lines, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_json_lines_are_indexed_without_an_alert(tmp_path, settings_for, name):
    path = json_lines(
        tmp_path / name,
        {"url": "http://a.org/1", "title": "One", "text": TEXT, "published_at": "2024-12-06"},
        "this is no JSON",
        {"title": "Two, without an address", "text": TEXT, "outlet": "B"},
        {"nothing": "here"},
    )
    settings = settings_for()
    summary = backfill(settings, path)
    documents, totals = stored(settings)
    assert {one.article.title for one in documents} == {"One", "Two, without an address"}
    assert all(one.subjects == ("oreshnik",) for one in documents)
    assert totals.alerts == 0
    assert totals.entries == {"indexed": 2}
    assert summary.steps["ReadArchives"]["bad_line"] == 2
    assert summary.lags.get("publication", {}).get("+Inf", 0) == 0


def test_a_backfill_with_alerts_alerts_as_if_its_articles_were_news(tmp_path, settings_for):
    published = now().isoformat()
    record = {"url": "http://a.org/1", "title": "One", "text": TEXT, "published_at": published}
    settings = settings_for()
    backfill(settings, json_lines(tmp_path / "a.jsonl", record), alerting="all")
    assert stored(settings)[1].alerts > 0


def test_a_backfill_that_is_started_again_skips_what_is_there(tmp_path, settings_for):
    records = [{"url": f"http://a.org/{n}", "title": f"T{n}", "text": TEXT} for n in range(5)]
    settings = settings_for()
    backfill(settings, json_lines(tmp_path / "some.jsonl", *records[:3]))
    summary = backfill(settings, json_lines(tmp_path / "all.jsonl", *records))
    assert summary.steps["ReadArchives"] == {"known": 3, "ok": 2}
    assert stored(settings)[1].documents == 5


def test_an_article_that_is_stored_without_its_ledger_row_is_read_again(tmp_path, settings_for):
    """As Elasticsearch has it when the backfill is killed between the two."""
    records = [{"url": f"http://a.org/{n}", "title": f"T{n}", "text": TEXT} for n in range(3)]
    settings = settings_for()
    path = json_lines(tmp_path / "some.jsonl", *records)
    backfill(settings, path)
    database = sqlite3.connect(settings.index.location.removeprefix("sqlite:"))
    database.execute("DELETE FROM entries WHERE id = (SELECT MIN(id) FROM entries)")
    database.commit()
    database.close()
    summary = backfill(settings, path)
    assert summary.steps["ReadArchives"] == {"known": 2, "ok": 1}
    totals = stored(settings)[1]
    assert (totals.documents, totals.entries) == (3, {"indexed": 3})


def test_addresses_are_fetched_like_entries(site, tmp_path, settings_for):
    site.article("/a", "Oreshnik for Belarus", TEXT)
    path = tmp_path / "addresses.txt"
    path.write_text(f"{site.base}/a\n# a comment\nnot an address\n{site.base}/a\n")
    settings = settings_for()
    backfill(settings, path)
    documents, totals = stored(settings)
    assert [one.article.title for one in documents] == ["Oreshnik for Belarus"]
    assert totals.entries == {"indexed": 1}


def warc(*pages):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for url, status, content_type, body in pages:
        headers = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
        payload = io.BytesIO(body)
        writer.write_record(
            writer.create_warc_record(url, "response", payload=payload, http_headers=headers)
        )
    return stream.getvalue()


def test_the_pages_of_a_warc_file_are_read_as_they_were_crawled(tmp_path, settings_for):
    page = (
        "<html lang='ru'><head><title>Орешник</title></head><body><article><p>"
        + "Ракетный комплекс «Орешник» разместят в Белоруссии, сообщил министр. " * 4
        + "</p></article></body></html>"
    ).encode("windows-1251")
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(
        warc(
            ("http://a.org/1", "200 OK", "text/html; charset=windows-1251", page),
            ("http://a.org/2", "404 Not Found", "text/html", b"<p>gone</p>"),
            ("http://a.org/3.pdf", "200 OK", "application/pdf", b"%PDF"),
        )
    )
    settings = settings_for()
    backfill(settings, path)
    documents, _ = stored(settings)
    assert [one.article.url for one in documents] == ["http://a.org/1"]
    assert documents[0].subjects == ("oreshnik",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.warc.gz", warc(("http://a.org/", "200 OK", "text/html", b"<p>x</p>" * 99))[:90]),
        ("no.warc", b"this is not a WARC file\n" * 20),
        ("no.jsonl.gz", b"this is not gzip"),
        ("cut.jsonl.gz", gzip.compress(b'{"url": "http://a.org/1", "text": "x"}\n' * 99)[:40]),
        ("deep.jsonl", b"[" * 100_000 + b"\n"),
        ("long.jsonl", b'{"text": "' + b"x" * 6_000_000 + b'"}\n'),
        ("binary.jsonl", bytes(range(256))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_archive_gives_bad_lines_and_never_raises(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    found = list(read_archive(str(path), now()))
    assert any(isinstance(one, BadLine) for one in found)
