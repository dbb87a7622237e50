"""Dead letters as an operator meets them: told, replayed through the same steps, parked."""

import json
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.backends import open_index
from connectors.index import MAX_DEAD_LETTER_ATTEMPTS
from connectors.net import FetchPolicy
from connectors.records import Entry, Settlement, stable_id

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

NOW = datetime.now(timezone.utc)


class Outlet(ThreadingHTTPServer):
    """Serves articles at any path; a path in ``broken`` gives 503."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.broken = set()
        self.asked = []


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        status = 503 if self.path in self.server.broken else 200
        text = f"The report at {self.path} tells of the bridge and of the river near it. " * 9
        body = f"<html lang='en'><title>T {self.path}</title><article><p>{text}</p></article>"
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def outlet():
    with Outlet() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def vigie(newsrooms, origin, index, tmp_path):
    """Vigie's commands over an index that no feed fills."""
    with newsrooms.Newsroom(0) as site:
        yield newsrooms.Vigie(site, index, tmp_path, origin)


def entry(outlet, name):
    url = f"http://127.0.0.1:{outlet.server_port}/{name}"
    return Entry(
        id=stable_id(url),
        feed_id="f",
        feed_url="http://127.0.0.1/feed",
        first_seen_at=NOW,
        url=url,
        attempts=FetchPolicy().max_attempts,
    )


def letter(outlet, name, step="FetchPages", reason="timeout", days=0):
    return Settlement(
        entry=entry(outlet, name),
        outcome="dead_letter",
        step=step,
        reason=reason,
        detail="no answer",
        settled_at=NOW - timedelta(days=days),
    )


def store(vigie, *letters):
    index = open_index(vigie.index)
    index.register_entries([one.entry for one in letters], due_at=NOW)
    index.settle(letters)
    index.close()


def account(vigie):
    index = open_index(vigie.index, read_only=True)
    try:
        return index.totals()
    finally:
        index.close()


def replay(vigie, *arguments):
    done = vigie.tell("replay", "--metrics-port", "0", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_replay_takes_what_step_reason_and_time_say_and_nothing_else(vigie, outlet):
    store(
        vigie,
        letter(outlet, "a"),
        letter(outlet, "b", reason="server_error"),
        letter(outlet, "c", step="ExtractArticles", reason="unexpected"),
        letter(outlet, "d", days=30),
    )
    listed = replay(vigie, "--dry-run", "--step", "FetchPages", "--since", "7d")
    assert "2 dead letters would be replayed" in listed
    assert "FetchPages  timeout  attempts=1  http" in listed
    assert outlet.asked == []
    assert account(vigie).entries == {"dead_letter": 4}
    chosen = ("--step", "FetchPages", "--reason", "timeout", "--since", "7d")
    summary = json.loads(replay(vigie, *chosen, "--json"))
    assert summary["entries"] == {"indexed": 1, "dead_letter": 3}
    assert outlet.asked == ["/a"]
    assert summary["dead_letters"] == 3
    assert json.loads(replay(vigie, "--json"))["entries"] == {"indexed": 4}
    assert "no dead letters to replay" in replay(vigie)


def test_a_poisoned_entry_is_parked_after_its_attempts_and_its_neighbour_goes_on(vigie, outlet):
    outlet.broken.add("/poison")
    store(vigie, letter(outlet, "poison"), letter(outlet, "good"))
    for _ in range(MAX_DEAD_LETTER_ATTEMPTS - 1):
        assert "no dead letters" not in replay(vigie)
    assert "no dead letters to replay" in replay(vigie)
    assert outlet.asked.count("/good") == 1
    index = open_index(vigie.index, read_only=True)
    (parked,) = index.dead_letters(parked=True)
    assert index.dead_letters() == []
    assert index.totals().entries == {"indexed": 1, "dead_letter": 1}
    index.close()
    assert parked.attempts == MAX_DEAD_LETTER_ATTEMPTS
    assert parked.entry.url.endswith("/poison")
    asked = outlet.asked.count("/poison")
    assert "0 dead letters would be replayed" in replay(vigie, "--dry-run")
    assert vigie.tell("run", "--once", "--metrics-port", "0").returncode in {0, 2}
    assert outlet.asked.count("/poison") == asked
