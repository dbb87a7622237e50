"""Whether what a page gave is the article, or a page in its place. Pure, no Beam.

A server may answer 200 with its error page, its consent dialog or the first lines of an article
it sells. Each is told by structure first (short text, a redirect to the front page, a
declaration in the page) and by a few words in many languages second; a long text is an article
whatever it is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.records import Page

SHORT_CHARS = 800
"""Error pages and consent dialogs stay below; a news brief is told from them by its words."""

TEASER_CHARS = 1200
"""A text the page declares as sold and that is shorter is its teaser; a longer one came whole."""

SAMPLE_CHARS = 1000
"""Enough to tell a language; the model behind reads byte by byte in Python."""

TEXT_CHARS = 250_000
"""Of one article: four hours of speech at 150 words a minute are some 220,000. More is cut."""

CUT = "\n[…]"
"""Ends a text that was cut."""

_NOT_FOUND = re.compile(
    r"(?<![\w-])(?:(?:error|erreur|fehler|ошибка|błąd|errore|hata|erro)\s*:?\s*)?404(?![\w-])|"
    r"\b(?:page|site|document|article|content) (?:\w+ )?(?:not found|no longer exists|"
    r"no longer available|cannot be found|does(?:n.t| not) exist)\b|"
    r"\bpage (?:introuvable|non trouvée|inexistante)\b|\bpágina no encontrada\b|"
    r"\bpágina não encontrada\b|\bpagina non trovata\b|\bseite (?:wurde )?nicht gefunden\b|"
    r"страниц\w+ не (?:найден\w*|существует)|сторінк\w+ не знайден\w*|старонк\w+ не знойдзен\w*|"
    r"\bnie znaleziono strony\b|\bstrona nie (?:została znaleziona|istnieje)\b|"
    r"\bstránka nenalezena\b|\bsayfa bulunamadı\b|页面不存在|找不到(?:该)?页面|"
    r"ページが見つかりません|페이지를 찾을 수 없|الصفحة غير موجودة|"
    r"صفحه (?:مورد نظر )?(?:پیدا|یافت) نشد",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:cookies?|consent\w*|consentement|einwilligung|zustimm\w+|datenschutz\w*|privacy|"
    r"gdpr|rgpd|dsgvo|advertising partners|nos partenaires|partners? process|"
    r"zgod\w+|ciasteczk\w+|prywatności)\b|файл\w+ cookie|файлів cookie|Einstellungen akzeptieren",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"^(?:consent|cmp|privacy|gdpr|guce)\.", re.IGNORECASE)
CONSENT_WORDS = 3
"""A brief about cookies says the word; a dialog repeats it and its kin in a few lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What one page gives. ``outcome`` is ``ok`` or why its text must not be used.

    Outcomes: ``ok, empty, not_html, soft_404, consent_wall, paywall``, and the reasons of
    :func:`connectors.extraction_decoding.guard`. ``language`` is what the page declares.
    ``date_source`` is ``feed, json_ld, meta, htmldate`` or ``none``. ``feed_text`` is the text
    of the entry itself, where the page did not give its article.
    """

    outcome: str
    title: str = ""
    text: str = ""
    author: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    date_source: str = "none"
    canonical_url: str | None = None
    outlet: str | None = None
    feed_text: str = ""


def language_sample(title: str, text: str) -> str:
    r"""Return what is enough to tell the language: title and the first thousand characters.

    >>> language_sample("Title", "Text")
    'Title\nText'
    """
    return f"{title}\n{text[:SAMPLE_CHARS]}"


def bounded(text: str) -> str:
    """Return ``text``, or as many whole lines of it as may be kept, with :data:`CUT` at the end.

    Every step after this one holds texts in memory, and a page of three megabytes may be one.
    """
    if len(text) <= TEXT_CHARS:
        return text
    kept = text[: TEXT_CHARS - len(CUT)]
    whole, _, _ = kept.rpartition("\n")
    return (whole or kept) + CUT


def judge_outcome(*, title: str, text: str, page: Page, free: bool) -> str:
    """Return ``ok`` or why ``text`` is not the article of ``page.entry``."""
    wanted, reached = page.entry.url, page.url
    outcome = "ok"
    if _is_consent_host(reached) and not _is_consent_host(wanted):
        outcome = "consent_wall"
    elif _fell_to_front(wanted, reached):
        outcome = "soft_404"
    elif len(text) < SHORT_CHARS:
        outcome = _judge_short(title, text)
    if outcome == "ok" and not free and len(text) < TEASER_CHARS:
        return "paywall"
    return outcome


def _judge_short(title: str, text: str) -> str:
    first_line = text.partition("\n")[0].strip(" .!")
    if _NOT_FOUND.search(title) or _NOT_FOUND.fullmatch(first_line):
        return "soft_404"
    if not text:
        return "empty"
    words = len(_CONSENT.findall(f"{title}\n{text}"))
    return "consent_wall" if words >= CONSENT_WORDS else "ok"


def _is_consent_host(url: str | None) -> bool:
    try:
        return bool(url and _CONSENT_HOST.match(urlsplit(url).hostname or ""))
    except ValueError:
        return False


def _fell_to_front(wanted: str | None, reached: str | None) -> bool:
    """Tell whether the way to an inner page ended at a front page."""
    if not wanted or not reached or wanted == reached:
        return False
    try:
        before, after = urlsplit(wanted), urlsplit(reached)
    except ValueError:
        return False
    is_inner = before.path.strip("/") != "" or before.query != ""
    return is_inner and after.path.strip("/") == "" and after.query == ""
