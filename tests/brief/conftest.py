"""Documents to brief on, and a real Chromium driven over its DevTools protocol."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from datetime import datetime, timedelta, timezone

import aiohttp
import pytest

from connectors.index import DueDeployment
from connectors.records import Alert, Article, Claim, Document, Mention, SourcedClaim
from pipelines.findings import make_findings

NOW = datetime(2025, 3, 4, 12, 0, tzinfo=timezone.utc)
CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--remote-debugging-port=0", "--window-size=1440,1000",
)  # fmt: skip
WAIT_SECS = 60


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def make_document():
    def make(
        key,
        *,
        title="A title",
        text="",
        mentions=(),
        claims=(),
        language="en",
        outlet="The Paper",
        url=None,
        hours_ago=1,
        **rest,
    ):
        """Build a document; ``mentions`` are (subject, quote) pairs found in title or text."""
        article = Article(
            id=key,
            entry_id=key,
            feed_id="feed",
            url=url or f"https://news.example/{key}",
            canonical_url=url or f"https://news.example/{key}",
            title=title,
            text=text,
            language=language,
            outlet=outlet,
            author=None,
            published_at=NOW - timedelta(hours=hours_ago),
            date_source="feed",
            text_source="page",
            first_seen_at=NOW,
            fetched_at=NOW,
            content_hash=key,
        )
        found = []
        for subject, quote in mentions:
            for field, body in (("title", title), ("text", text)):
                start = body.find(quote)
                if start >= 0:
                    found.append(
                        Mention(
                            subject=subject,
                            field=field,
                            start=start,
                            end=start + len(quote),
                            quote=quote,
                        )
                    )
        return Document(article=article, mentions=tuple(found), claims=tuple(claims), **rest)

    return make


@pytest.fixture
def make_claim():
    def make(evidence, *, when=None, status="planned", speaker=None, place="BY"):
        return Claim(
            system="oreshnik",
            place=place,
            status=status,
            when=when,
            speaker=speaker,
            start=0,
            end=len(evidence),
            evidence=evidence,
        )

    return make


@pytest.fixture
def make_alert():
    def make(document, *, subject="oreshnik", development="new_story", new=(), old=()):
        article = document.article
        return Alert(
            id=f"{article.id}-{subject}-{development}",
            subject=subject,
            story_id=document.story_id or article.id,
            development=development,
            document_id=article.id,
            title=article.title,
            url=article.url,
            outlet=article.outlet,
            language=article.language,
            quote="",
            created_at=NOW,
            published_at=article.published_at,
            first_seen_at=NOW,
            new_claims=tuple(new),
            old_claims=tuple(old),
        )

    return make


@pytest.fixture
def documents(make_document, make_claim):
    """A small desk: one story in three languages with a copy, two others, one without mention."""
    first = "Orechnik sera déployé au Bélarus au premier semestre 2026."
    second = "Oreshnik will be deployed in Belarus in the second half of 2026."
    return [
        make_document(
            "fr",
            title="Orechnik au printemps",
            text=first,
            mentions=[("oreshnik", "Orechnik")],
            claims=[make_claim(first, when="2026-H1", speaker="Varanets")],
            language="fr",
            outlet="Le Phare",
            hours_ago=9,
            story_id="s1",
        ),
        make_document(
            "en",
            title="Missiles by autumn",
            text=second,
            mentions=[("oreshnik", "Oreshnik")],
            claims=[make_claim(second, when="2026-H2", speaker="Varanets")],
            hours_ago=6,
            story_id="s1",
        ),
        make_document(
            "ru",
            title="Дивизион",
            text="Дивизион «Орешника» ждут осенью.",
            mentions=[("oreshnik", "«Орешника»")],
            language="ru",
            outlet="Вестник",
            hours_ago=5,
            story_id="s1",
        ),
        make_document(
            "copy",
            title="Missiles by autumn, again",
            text=second,
            mentions=[("oreshnik", "Oreshnik")],
            outlet="The Echo",
            hours_ago=2,
            story_id="s1",
            copy_of="en",
            similarity=0.93,
        ),
        make_document(
            "typhon",
            title="Typhon stays",
            text="The Typhon launcher and the Iskander launcher were compared.",
            mentions=[("typhon", "Typhon"), ("iskander", "Iskander")],
            hours_ago=30,
        ),
        make_document(
            "pl",
            title="Iskandery pod lupą",
            text="Rakiety Iskander stoją w lesie nad jeziorem.",
            mentions=[("iskander", "Iskander")],
            language="pl",
            outlet="Kurier",
            hours_ago=50,
        ),
        make_document("tram", title="A tram line opens", text="Nothing of interest."),
    ]


@pytest.fixture
def find_in():
    """Return the findings of documents, as the index would have them."""

    def find(documents):
        said = [
            SourcedClaim(
                document_id=one.article.id,
                source_id=one.copy_of or one.article.id,
                claim=claim,
                outlet=one.article.outlet,
                published_at=one.article.published_at,
                url=one.article.url,
                language=one.article.language,
                first_seen_at=one.article.first_seen_at,
            )
            for one in documents
            for claim in one.claims
        ]
        keys = dict.fromkeys((one.claim.system, one.claim.place) for one in said)
        return [
            found
            for system, place in keys
            for found in make_findings(
                DueDeployment(system=system, place=place, version=1),
                [one for one in said if (one.claim.system, one.claim.place) == (system, place)],
            )
        ]

    return find


@pytest.fixture
def subjects():
    return {"oreshnik": "Oreshnik", "typhon": "Typhon (MRC)", "iskander": "Iskander"}


@pytest.fixture(scope="session")
def devtools(tmp_path_factory):
    """Start Chromium once; yield the address of its DevTools."""
    if CHROMIUM is None:
        message = "no chromium: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    profile = tmp_path_factory.mktemp("chromium")
    with subprocess.Popen(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            address = next(
                line.split()[-1] for line in process.stderr if "DevTools listening on" in line
            )
            yield address
        finally:
            process.terminate()
            process.stderr.read()


class Browser:
    """One tab: what it shows can be asked, clicked and typed into; what it asks for is noted."""

    def __init__(self, socket):
        self._socket = socket
        self._numbers = iter(range(1, 1_000_000))
        self._session = None
        self.requests = []
        self.dialogs = []
        self.messages = []
        self._loads = 0

    async def open_tab(self):
        target = await self.call("Target.createTarget", url="about:blank")
        self._target = target["targetId"]
        attached = await self.call("Target.attachToTarget", targetId=self._target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.call(f"{domain}.enable")

    async def close_tab(self):
        self._session = None
        await self.call("Target.closeTarget", targetId=self._target)

    async def call(self, method, **params):
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.send_json(message)
        while True:
            answer = await asyncio.wait_for(self._socket.receive_json(), WAIT_SECS)
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)

    def _note(self, event):
        method, params = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(params["message"])
        elif method == "Page.loadEventFired":
            self._loads += 1
        elif method == "Runtime.exceptionThrown":
            self.messages.append(params["exceptionDetails"].get("text", "exception"))
        elif method == "Log.entryAdded":
            self.messages.append(params["entry"]["text"])

    async def wait_for_load(self):
        before = self._loads
        while self._loads == before:
            self._note(await asyncio.wait_for(self._socket.receive_json(), WAIT_SECS))

    async def show(self, address):
        await self.call("Page.navigate", url=address)
        await self.wait_for_load()

    async def evaluate(self, expression):
        result = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def click(self, selector):
        box = await self.evaluate(
            f"(() => {{ const node = document.querySelector({selector!r});"
            "node.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const box = node.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box[0],
                y=box[1],
                button="left",
                clickCount=1,
            )

    async def press(self, key, text=None):
        for kind in ("keyDown", "keyUp"):
            extra = {"text": text} if text and kind == "keyDown" else {}
            code = {"Enter": 13, "Escape": 27, "Tab": 9}.get(key, ord(key[0].upper()))
            await self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                windowsVirtualKeyCode=code,
                **extra,
            )

    async def type_words(self, words):
        await self.call("Input.insertText", text=words)


@pytest.fixture
async def browser(devtools):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(devtools, max_msg_size=0) as socket,
    ):
        tab = Browser(socket)
        await tab.open_tab()
        yield tab
        await tab.close_tab()
