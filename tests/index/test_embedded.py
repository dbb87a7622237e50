"""The embedded index: bad files, full disks, other processes, sudden ends."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.backends import open_index
from connectors.embedded import schema
from connectors.index import IndexMissing, IndexSettings, IndexUnavailable, SearchQuery
from connectors.records import Entry

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from datetime import datetime, timezone
from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.records import Entry, stable_id

location, name, amount = sys.argv[1], sys.argv[2], int(sys.argv[3])
index = open_index(IndexSettings(location=location))
now = datetime.now(timezone.utc)
for number in range(amount):
    id = stable_id(name, str(number))
    entry = Entry(id=id, feed_id="f", feed_url="http://127.0.0.1/", first_seen_at=now)
    if index.register_entries([entry], due_at=now):
        print(id, flush=True)
"""


def start_writer(location, name, amount):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, location, name, str(amount)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def folder():
    """A directory that an unprivileged user may reach."""
    path = Path(tempfile.mkdtemp(prefix="vigie-index-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def unprivileged(folder):
    """Root may write everything: these tests need another user."""
    if os.geteuid() != 0:
        yield
        return
    nobody = pwd.getpwnam("nobody")
    os.seteuid(nobody.pw_uid)
    yield
    os.seteuid(0)


def location_of(path) -> IndexSettings:
    return IndexSettings(location=f"sqlite:{path}")


def test_opening_creates_the_file_and_its_directory(tmp_path):
    path = tmp_path / "new" / "deep" / "vigie.db"
    open_index(location_of(path)).close()
    assert path.exists()


def test_setup_tells_once_that_the_file_was_created(sqlite_settings):
    index = open_index(sqlite_settings)
    assert index.setup() == [f"create {sqlite_settings.location}"]
    assert index.setup() == []
    index.close()


def test_opening_a_missing_file_to_read_names_the_command_that_creates_it(tmp_path):
    path = tmp_path / "vigie.db"
    with pytest.raises(IndexMissing, match=f"vigie setup --index sqlite:{path}"):
        open_index(location_of(path), read_only=True)
    assert not path.exists()


def test_an_empty_file_is_missing_for_a_reader_and_new_for_a_writer(tmp_path):
    path = tmp_path / "vigie.db"
    path.touch()
    with pytest.raises(IndexMissing):
        open_index(location_of(path), read_only=True)
    open_index(location_of(path)).close()
    open_index(location_of(path), read_only=True).close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, read_only):
    path = tmp_path / "notes.txt"
    path.write_text("my notes " * 1000)
    with pytest.raises(IndexUnavailable, match="no Vigie index"):
        open_index(location_of(path), read_only=read_only)
    assert path.read_text() == "my notes " * 1000


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    with pytest.raises(IndexUnavailable, match="another program"):
        open_index(location_of(path))
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    other.close()


def test_a_damaged_file_is_told_with_its_remedy(tmp_path, make):
    path = tmp_path / "vigie.db"
    index = open_index(location_of(path))
    index.write([make.document(str(n), "Word " * 400) for n in range(50)])
    index.close()
    content = bytearray(path.read_bytes())
    content[8192:-8192] = b"\x5a" * (len(content) - 16384)
    path.write_bytes(content)

    def use():
        damaged = open_index(location_of(path))
        damaged.write([make.document(str(n), "Other " * 400) for n in range(50)])

    with pytest.raises(IndexUnavailable, match=r"damaged: restore it from a backup"):
        use()


def test_a_directory_is_told(tmp_path):
    with pytest.raises(IndexUnavailable, match="cannot be opened"):
        open_index(location_of(tmp_path))


def test_a_path_below_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexUnavailable, match="cannot be used"):
        open_index(location_of(tmp_path / "file" / "vigie.db"))


def test_no_path_at_all_is_told():
    with pytest.raises(IndexUnavailable, match="no path"):
        open_index(IndexSettings(location="sqlite:"))


@pytest.mark.parametrize("location", ["", "vigie.db", "ftp://127.0.0.1", "sqlite"])
def test_an_address_of_no_backend_is_told(location):
    with pytest.raises(IndexUnavailable, match="expected sqlite:PATH or http"):
        open_index(IndexSettings(location=location))


def test_a_file_that_may_only_be_read_is_told(folder, request):
    path = folder / "vigie.db"
    open_index(location_of(path)).close()
    path.chmod(0o444)
    folder.chmod(0o555)
    request.getfixturevalue("unprivileged")
    try:
        with pytest.raises(IndexUnavailable, match="give this user the right to write"):
            open_index(location_of(path)).check()
    finally:
        if os.geteuid() == folder.stat().st_uid:
            folder.chmod(0o755)


def test_a_file_that_may_not_be_read_is_told(folder, request):
    path = folder / "vigie.db"
    open_index(location_of(path)).close()
    path.chmod(0o000)
    request.getfixturevalue("unprivileged")
    with pytest.raises(IndexUnavailable, match=r"cannot be (opened|used)"):
        open_index(location_of(path), read_only=True)


def test_an_index_opened_to_read_refuses_to_write(sqlite_settings, make):
    open_index(sqlite_settings).close()
    index = open_index(sqlite_settings, read_only=True)
    with pytest.raises(IndexUnavailable, match="opened to read only"):
        index.write([make.document("a")])
    assert index.totals().documents == 0
    index.close()


def test_a_full_disk_is_told_loses_nothing_and_passes(sqlite_settings, make):
    index = open_index(sqlite_settings)
    first = make.document("first", "Word " * 100)
    index.write([first])
    connection = index._database.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    big = [make.document(str(n), f"{n} " * 5000) for n in range(20)]
    with pytest.raises(IndexUnavailable, match="disk is full"):
        index.write(big)
    assert index.totals().documents == 1
    connection.execute("PRAGMA max_page_count = 1000000")
    assert {result.outcome for result in index.write(big)} == {"created"}
    assert index.totals().documents == 21
    index.close()


def test_a_failed_batch_leaves_nothing_behind(sqlite_settings, make):
    index = open_index(sqlite_settings)
    good = make.document("good")
    bad = replace(make.document("bad"), story_id=object())
    with pytest.raises(Exception, match=r".+"):
        index.write([good, bad])
    assert index.totals().documents == 0
    assert index.write([good])[0].outcome == "created"
    index.close()


def test_a_second_runner_is_refused_and_told_the_process_of_the_first(sqlite_settings):
    first, second = open_index(sqlite_settings), open_index(sqlite_settings)
    lease = first.lock_runner()
    with pytest.raises(IndexUnavailable, match=rf"process {os.getpid()}\)"):
        second.lock_runner()
    reader = open_index(sqlite_settings, read_only=True)
    assert reader.totals().documents == 0
    lease.release()
    lease.release()
    second.lock_runner().release()
    for index in (first, second, reader):
        index.close()


def test_the_lock_of_a_killed_runner_is_free(sqlite_settings):
    code = (
        "import sys; from connectors.backends import open_index; "
        "from connectors.index import IndexSettings; "
        "lease = open_index(IndexSettings(location=sys.argv[1])).lock_runner(); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    runner = subprocess.Popen(
        [sys.executable, "-c", code, sqlite_settings.location],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert runner.stdout.readline() == "locked\n"
    index = open_index(sqlite_settings)
    with pytest.raises(IndexUnavailable, match=f"process {runner.pid}"):
        index.lock_runner()
    runner.kill()
    runner.communicate()
    index.lock_runner().release()
    index.close()


def test_several_processes_register_every_entry_once(sqlite_settings):
    writers = [start_writer(sqlite_settings.location, "same", 100) for _ in range(3)]
    taken = [line for writer in writers for line in writer.communicate()[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert len(taken) == len(set(taken)) == 100
    index = open_index(sqlite_settings)
    assert index.totals().entries == {"pending": 100}
    index.close()


def test_several_threads_may_share_and_open_the_index(sqlite_settings, make):
    shared = open_index(sqlite_settings)
    start = threading.Barrier(4)

    def write(number):
        start.wait()
        own = open_index(sqlite_settings)
        own.write([make.document(f"own-{number}-{n}") for n in range(10)])
        own.close()
        shared.write([make.document(f"shared-{number}-{n}") for n in range(10)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert shared.totals().documents == 80
    shared.close()


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_writer_loses_nothing_that_it_was_told_is_stored(sqlite_settings, seed):
    moment = random.Random(seed).randrange(1, 60)
    writer = start_writer(sqlite_settings.location, "killed", 100_000)
    acknowledged = [writer.stdout.readline().strip() for _ in range(moment)]
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    acknowledged += rest.split("\n")[:-1]
    index = open_index(sqlite_settings)
    stored = {entry.id for entry in index.pending_entries(limit=100_000, due_at=None)}
    assert set(acknowledged) <= stored
    assert index._database.rows("PRAGMA integrity_check") == [("ok",)]
    index.close()


def test_another_analysis_fills_the_search_anew(sqlite_settings, make):
    index = open_index(sqlite_settings)
    documents = [make.document(str(n), f"Missile number {n}.") for n in range(3)]
    index.write(documents)
    index.write([make.changed(documents[0], "A rocket.")])
    with index._database.transaction() as connection:
        connection.execute("UPDATE settings SET value = '0/old' WHERE name = 'analysis_version'")
    index.close()
    index = open_index(sqlite_settings)
    assert index.search(SearchQuery(text="missiles")).total == 2
    assert index.search(SearchQuery(text="rocket")).total == 1
    index.write([make.document("new", "Missile too.")])
    assert index.search(SearchQuery(text="missile")).total == 3
    index.close()


def test_a_newer_layout_is_refused(sqlite_settings):
    index = open_index(sqlite_settings)
    newer = schema.SCHEMA_VERSION + 1
    index._database.connection.execute(f"PRAGMA user_version = {newer}")
    index.close()
    with pytest.raises(IndexUnavailable, match="newer Vigie"):
        open_index(sqlite_settings)


def test_a_closed_index_says_so(sqlite_settings):
    index = open_index(sqlite_settings)
    index.close()
    index.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        index.totals()


def test_an_entry_of_a_newer_program_is_read_by_an_older_one(sqlite_settings, make):
    index = open_index(sqlite_settings)
    index.register_entries([make.entry("a")], due_at=make.now)
    with index._database.transaction() as connection:
        connection.execute("UPDATE entries SET entry = json_insert(entry, '$.novelty', 1)")
    (entry,) = index.pending_entries(limit=1, due_at=None)
    assert isinstance(entry, Entry)
    index.close()
