"""Six plain words in place of a fingerprint, so that two people can compare keys aloud.

A fingerprint is 64 hexadecimal digits; nobody reads those to somebody else without error. Its
first 66 bits, eleven bits a word, are shown as six words of a fixed list of 2,048 Indonesian words
(part of file format 1; docs/decisions/0003-word-list.md). 66 bits are enough against somebody who
has one event's time to make keys until the words agree; ids, not words, bind keys to people.
"""

from __future__ import annotations

import difflib
import re
from functools import cache
from itertools import takewhile

from kipp_desktop.assets import read_text

WORDS = 6
BITS_PER_WORD = 11

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
# What people write between words that are dictated to them: spaces, commas, hyphens, numbering.
_BETWEEN = re.compile(r"[\W\d_]+")


@cache
def word_list() -> tuple[str, ...]:
    """Return the 2,048 words, sorted; the position of a word is its value."""
    words = tuple(read_text("resources", "words", "id.txt").split())
    if len(words) != 1 << BITS_PER_WORD:
        raise RuntimeError(f"the word list holds {len(words)} words")
    return words


def words_of(fingerprint_hex: str) -> str:
    """Return the six words of a fingerprint, joined by single spaces.

    ``fingerprint_hex`` is a SHA-256 as 64 lower-case hexadecimal digits. Its first 66 bits are read
    big-endian, eleven bits a word. Raises ``ValueError`` for anything else than a fingerprint.
    """
    if not _FINGERPRINT.fullmatch(fingerprint_hex):
        raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {fingerprint_hex!r}")
    words = word_list()
    bits = int(fingerprint_hex, 16)
    mask = len(words) - 1
    shifts = range(256 - BITS_PER_WORD, 256 - (WORDS + 1) * BITS_PER_WORD, -BITS_PER_WORD)
    return " ".join(words[bits >> shift & mask] for shift in shifts)


def normalise_words(typed: str) -> str:
    """Return what somebody typed as lower-case words joined by single spaces.

    Spaces, line ends, commas, hyphens, other punctuation and numbers part words and are dropped.
    """
    return " ".join(_BETWEEN.sub(" ", typed.lower()).split())


def same_words(typed: str, fingerprint_hex: str) -> bool:
    """Say whether the typed words are those of the fingerprint, however they were set out.

    Every word has to be right: a misspelt one is told by ``misspelt``, never guessed here. Raises
    ``ValueError`` where ``fingerprint_hex`` is not a fingerprint.
    """
    return normalise_words(typed) == words_of(fingerprint_hex)


def misspelt(typed: str) -> list[tuple[str, str | None]]:
    """Return the typed words that are not in the list, in order, each with the nearest one.

    The second of a pair is None where no word of the list is near. A word of the list in the wrong
    place is not misspelt. Only the first twelve words are looked at: twice what can be meant.
    """
    words = word_list()
    known = frozenset(words)
    wrong = [word for word in normalise_words(typed).split()[: 2 * WORDS] if word not in known]
    return [(word, _nearest(word)) for word in wrong]


def _nearest(word: str) -> str | None:
    # Nothing longer than twice the longest word can be near; the matcher is slow on long texts.
    if len(word) > 2 * max(map(len, word_list())):
        return None
    near = difflib.get_close_matches(word, word_list(), n=3, cutoff=0.6)
    # Of equally near words the one that begins alike is meant: people slip at the end of a word.
    return max(near, key=lambda known: _nearness(word, known), default=None)


def _nearness(word: str, known: str) -> tuple[float, int]:
    alike = difflib.SequenceMatcher(None, known, word).ratio()
    begins_alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, known, strict=False))
    return alike, sum(1 for _ in begins_alike)
