"""Words of a text as hashes, and bottom-k sketches of its word sequences.

The sketch of a text keeps the ``k`` smallest of the hashes of its distinct word n-grams: a
uniform sample of them, from which Jaccard *and* containment follow. Texts with at most ``k``
n-grams are kept whole, so their figures are exact. Scripts written without spaces (Chinese,
Japanese, Thai, Lao, Burmese, Khmer) count every character as a word: their n-grams are
character n-grams. Hashes are xxh64, the same in every process and machine.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xxhash

if TYPE_CHECKING:
    from collections.abc import Sequence

Hashes = npt.NDArray[np.uint32]

HASH_BITS = 24
"""Bits kept of each hash: three bytes in the state; 800 n-grams meet 80 by chance in 0.4 %."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}\U00020000-\U0003ffff]|[^\W_{_UNSPACED}]+")
_SPACED_WORD = re.compile(r"[^\W_]+")
_UNSPACED_CHAR = re.compile(rf"[{_UNSPACED}\U00020000-\U0003ffff]")
_INVISIBLE = re.compile("[\u0301\u00ad\u200b-\u200f\u2060\ufeff]")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_DROP = np.uint64(64 - HASH_BITS)

_SPACE = np.uint16(0x20)
_LETTER, _TURNING, _CHARACTER, _SKIPPED = 1, 2, 3, 4
"""What a character is to :func:`split_words`: part of a word, one whose lower case hangs on what
is around it, a word by itself or one that only the slower expression tells, nothing; 0 parts
words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """The ``k`` smallest distinct n-gram hashes of a text, sorted, and how many there are in all.

    ``whole`` tells that ``hashes`` are all of them.
    """

    hashes: Hashes
    count: int

    @property
    def whole(self) -> bool:
        """Whether no n-gram was left out."""
        return len(self.hashes) >= self.count


def split_words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, compatibility forms and stress marks folded.

    >>> split_words("Ракеты «Оре́шник», 2 500 км")
    ['ракеты', 'орешник', '2', '500', 'км']
    >>> split_words("白俄罗斯 BY")
    ['白', '俄', '罗', '斯', 'by']
    """
    return [word.decode("utf-8", "surrogatepass") for word in encode_words(text)]


def encode_words(text: str) -> list[bytes]:
    """Return what :func:`split_words` does, in UTF-8."""
    plain = unicodedata.normalize("NFKC", text)
    codes = codes_of(plain)
    most = _kinds_of(codes).max(initial=0)
    if plain != text or most == _SKIPPED:
        # Invisible characters go first: what they part may be one character in full.
        visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
        plain = unicodedata.normalize("NFKC", visible)
        codes = codes_of(plain)
        most = _kinds_of(codes).max(initial=0)
    if most > _TURNING:
        spaced = " ".join(_WORD.findall(plain.lower()))
    else:
        # An expression takes twice as long to find words as arrays take to blank what is between.
        lower = _lower().take(codes) if most < _TURNING else codes_of(plain.lower())
        blanked = np.where(_kinds_of(lower), lower, _SPACE)
        spaced = blanked.tobytes().decode("utf-16-le", "surrogatepass")
    return spaced.encode("utf-8", "surrogatepass").split()


def codes_of(text: str) -> npt.NDArray[np.uint16]:
    """Return the UTF-16 codes of ``text``: a character beyond the first plane is two."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def _kinds_of(codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
    return _kinds().take(codes, mode="clip")


@lru_cache(maxsize=1)
def _kinds() -> npt.NDArray[np.uint8]:
    """Return what each character of the first plane is; halves stand for all others."""
    plane = "".join(map(chr, range(1 << 16)))
    kinds = np.zeros(len(plane), dtype=np.uint8)
    for pattern, kind in (
        (_SPACED_WORD, _LETTER),
        (_UNSPACED_CHAR, _CHARACTER),
        (_INVISIBLE, _SKIPPED),
    ):
        for match in pattern.finditer(plane):
            kinds[match.start() : match.end()] = kind
    kinds[0xD800:0xE000] = _CHARACTER
    for code, char in enumerate(plane):
        if kinds[code] < _CHARACTER and (len(char.lower()) > 1 or char == "Σ"):
            kinds[code] = _TURNING
    return kinds


@lru_cache(maxsize=1)
def _lower() -> npt.NDArray[np.uint16]:
    """Return the lower case of each character of the first plane by itself, if it is one."""
    lower = [char.lower() for char in map(chr, range(1 << 16))]
    return np.array([ord(c) if len(c) == 1 else 0 for c in lower], dtype=np.uint16)


def hash_words(words: list[str]) -> npt.NDArray[np.uint64]:
    """Return the xxh64 of every word, in order."""
    return hash_encoded([word.encode("utf-8", "surrogatepass") for word in words])


def hash_encoded(words: list[bytes]) -> npt.NDArray[np.uint64]:
    """Return what :func:`hash_words` does of words in UTF-8."""
    digests = b"".join(map(xxhash.xxh64_digest, words))
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


@lru_cache(maxsize=1 << 14)
def hash_text(text: str) -> int:
    """Return a stable hash of ``HASH_BITS`` bits."""
    return xxhash.xxh64_intdigest(text.encode("utf-8", "surrogatepass")) >> (64 - HASH_BITS)


def hash_ngrams(words: npt.NDArray[np.uint64], size: int) -> Hashes:
    """Return the distinct hashes of all runs of ``size`` words, sorted.

    A text shorter than ``size`` words is one run.
    """
    return hash_runs(words, (size,))[0]


def hash_runs(words: npt.NDArray[np.uint64], sizes: tuple[int, ...]) -> list[Hashes]:
    """Return :func:`hash_ngrams` of each of the ascending ``sizes``, in one pass."""
    if not len(words):
        return [np.empty(0, dtype=np.uint32) for _ in sizes]
    # Together and in place: a text has a few hundred runs, so that a call costs more than they.
    lengths = [len(words) - min(size, len(words)) + 1 for size in sizes]
    mixed = np.empty(sum(lengths), dtype=np.uint64)
    run, done, end = words, 1, 0
    for size, length in zip(sizes, lengths, strict=True):
        for offset in range(done, min(size, len(words))):
            run = run[: len(words) - offset] * _MULTIPLIER
            run += words[offset:]
        mixed[end : end + length] = run
        done, end = min(size, len(words)), end + length
    mixed ^= mixed >> _SHIFTS[0]
    mixed *= _MIX_1
    mixed ^= mixed >> _SHIFTS[1]
    mixed *= _MIX_2
    mixed ^= mixed >> _SHIFTS[2]
    mixed >>= _DROP
    hashes = mixed.astype(np.uint32)
    ends = np.cumsum(lengths).tolist()
    return [_distinct(hashes[end - n : end]) for end, n in zip(ends, lengths, strict=True)]


def _distinct(hashes: Hashes) -> Hashes:
    hashes.sort()
    distinct = np.empty(len(hashes), dtype=bool)
    distinct[0] = True
    np.not_equal(hashes[1:], hashes[:-1], out=distinct[1:])
    return hashes[distinct]


def sketch_of(hashes: Hashes, size: int) -> Sketch:
    """Return the sketch of at most ``size`` of the sorted ``hashes``."""
    return Sketch(hashes=hashes[:size].copy(), count=len(hashes))


def compare(text: Hashes, other: Sketch) -> tuple[float, float, int]:
    """Return (Jaccard, containment, sample) of a whole text against a sketch.

    Containment is the part of the shorter of the two that stands in the longer one; ``sample``
    says from how many n-grams of the shorter it was estimated.

    >>> a = np.arange(1, 11, dtype=np.uint32)
    >>> compare(a, Sketch(hashes=a[:5], count=5))
    (0.5, 1.0, 5)
    """
    return compare_all(text, [other])[0]


def compare_all(text: Hashes, others: Sequence[Sketch]) -> list[tuple[float, float, int]]:
    """Return what :func:`compare` says of each of ``others``."""
    lengths = [len(other.hashes) for other in others]
    if not len(text) or not any(lengths):
        return [(0.0, 0.0, 0)] * len(others)
    hashes = others[0].hashes if len(others) == 1 else np.concatenate([o.hashes for o in others])
    ends = np.array(lengths).cumsum()
    near = text.take(text.searchsorted(hashes), mode="clip")
    up_to = (near == hashes).nonzero()[0].searchsorted(ends).tolist()
    sampled = text.searchsorted(hashes.take(ends - 1), side="right").tolist()
    before = 0
    compared: list[tuple[float, float, int]] = []
    for other, kept, found, sample in zip(others, lengths, up_to, sampled, strict=True):
        shared, before = found - before, found
        whole = len(text) if other.whole else sample
        smaller = whole if len(text) <= other.count else kept
        compared.append(
            (shared / (whole + kept - shared), shared / smaller if smaller else 0.0, smaller)
            if kept
            else (0.0, 0.0, 0)
        )
    return compared
