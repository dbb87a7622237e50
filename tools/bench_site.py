"""A loopback news site for measurements, in a process of its own, driven over standard input.

    python tools/bench_site.py --feeds 20 --pages 3000 --filler 0

Prints one JSON line with the feeds' addresses, then reads one JSON command a line:
``{"count": 500, "start": UNIX_SECS, "rate": 20.0}`` shows the next 500 entries, one after the
other, from ``start`` on, ``rate`` a second (0: all at ``start``). Every feed
shows its newest entries; each entry has a page of its own, made before it is shown, and every
twenty-first page reports a deployment that no other reports.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import re
import sys
import time
from bisect import bisect_right
from email.utils import formatdate
from itertools import product
from pathlib import Path

from aiohttp import web

sys.path.insert(0, str(Path(__file__).parent))

from bench_extraction import generate

SHOWN = 150
FRAMES = 60
EVERY = 21
"""No multiple of the number of feeds: alerts come from all of them."""
SYSTEMS = (
    "Oreshnik", "Iskander-M", "Typhon", "Kinzhal", "SM-6", "Dark Eagle", "Avangard", "Tomahawk",
)  # fmt: skip
NEWS = ("will be deployed in {place} next year", "was deployed in {place} this week")
PLACES = (
    "Belarus", "Poland", "Germany", "Finland", "Estonia", "Latvia", "Lithuania", "Romania",
    "Bulgaria", "Hungary", "Slovakia", "Moldova", "Georgia", "Armenia", "Kazakhstan", "Serbia",
    "Greece", "Turkey", "Italy", "Spain", "Portugal", "France", "Belgium", "Denmark", "Norway",
    "Sweden", "Iceland", "Japan", "Mongolia", "Syria", "Libya", "Cuba", "Venezuela", "Nicaragua",
    "Iran", "Egypt", "Algeria", "Mali",
)  # fmt: skip
WORDS = """
the a of and in to for with on at from by after before over under while that which who was
were has had will would can could said told asked found made took gave left came went kept
opened closed began ended built sold bought moved raised cut held lost won led joined grew
farm harvest wheat apple orchard dairy village valley river bridge harbour ferry station
railway tram bus road tunnel airport hotel museum theatre concert choir painter novel poet
library school teacher pupil student university hospital doctor nurse clinic patient bakery
market shop price rent wage tax budget bank loan factory worker union engineer designer
football match season coach goal team league stadium runner race medal swimmer cyclist
weather storm rain snow flood drought summer winter spring autumn morning evening weekend
council mayor citizen family child neighbour visitor tourist festival street square park
garden forest lake mountain island beach coast fish bird horse dog cat energy solar wind
water heating roof window kitchen house flat tower old new small large early late first last
local public quiet bright narrow wide green blue warm cold busy empty open several many few
""".split()  # noqa: SIM905 - words read better as words
REPORTS = [
    f"The {system} missile system {news.format(place=place)}, the minister said."
    for news, place, system in product(NEWS, PLACES, SYSTEMS)
]


def sentence(dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(8, 26))).capitalize() + "."


def paragraph(dice: random.Random) -> str:
    return " ".join(sentence(dice) for _ in range(dice.randint(2, 5)))


def frame(number: int, filler: int) -> list[str]:
    """Return a page in parts, between which titles and the article belong, in turn.

    ``filler`` more teasers make it heavier, as front matter does.
    """
    html, article, _ = generate(number)
    dice = random.Random(-number)
    more = "".join(
        f'<li class="card"><a href="/m/{n}"><img src="/{n}.jpg" alt=""><span>'
        f"{sentence(dice)}</span></a><p>{sentence(dice)}</p></li>"
        for n in range(filler)
    )
    html = html.replace("<footer>", f'<section class="front"><ul>{more}</ul></section><footer>')
    html = re.sub(r'<link rel="canonical"[^>]*>', "", html)
    title = html.partition("<title>")[2].partition(" | Courier")[0]
    body = "".join(f'<p class="p">{text}</p><div class="ad-slot"></div>' for text in article)
    return html.replace(body, "\0").replace(title, "\1").split("\0")


def page(number: int, frames: list[list[str]]) -> bytes:
    """Return the page ``number``: an article of its own in one of the frames."""
    dice = random.Random(f"article {number}")
    paragraphs = [paragraph(dice) for _ in range(dice.randint(6, 25))]
    if number % EVERY == 0:
        paragraphs.insert(0, REPORTS[number // EVERY % len(REPORTS)])
    article = "".join(f'<p class="p">{text}</p><div class="ad-slot"></div>' for text in paragraphs)
    before, after = frames[number % len(frames)]
    return f"{before}{article}{after}".replace("\1", sentence(dice)[:-1]).encode()


class Site:
    """What is shown when; entry ``n`` is in feed ``n % feeds``."""

    def __init__(self, feeds: int, pages: int, filler: int) -> None:
        self.feeds = feeds
        frames = [frame(number, filler) for number in range(FRAMES)]
        self.pages = [page(number, frames) for number in range(pages)]
        self.moments: list[float] = []
        self.bases: list[str] = []

    def show(self, count: int, start: float, rate: float) -> None:
        step = 1 / rate if rate else 0.0
        self.moments += [start + step * n for n in range(count)]

    async def feed(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        visible = bisect_right(self.moments, time.time())
        mine = range(number, visible, self.feeds)[-SHOWN:]
        items = "".join(
            f"<item><title>Report {n}</title><link>{self.bases[number]}/a/{n}</link>"
            f"<guid>{n}</guid><pubDate>{formatdate(self.moments[n])}</pubDate></item>"
            for n in mine
        )
        body = (
            f"<rss version='2.0'><channel><title>F{number}</title>{items}</channel></rss>"
        ).encode()
        tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": tag})

    async def article(self, request: web.Request) -> web.Response:
        body = self.pages[int(request.match_info["number"])]
        return web.Response(body=body, content_type="text/html", charset="utf-8")


async def serve(site: Site) -> None:
    app = web.Application()
    app.add_routes(
        [web.get("/feed/{number}", site.feed), web.get("/a/{number}", site.article)],
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for _ in range(site.feeds):
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
    site.bases = [f"http://127.0.0.1:{port}" for _, port in runner.addresses]
    feeds = [f"{base}/feed/{n}" for n, base in enumerate(site.bases)]
    size = sum(map(len, site.pages)) // len(site.pages)
    told = {"feeds": feeds, "alerting_every": EVERY, "page_bytes": size}
    print(json.dumps(told), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        site.show(**json.loads(line))
        print("{}", flush=True)
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--filler", type=int, default=0)
    args = parser.parse_args()
    asyncio.run(serve(Site(args.feeds, args.pages, args.filler)))


if __name__ == "__main__":
    main()
