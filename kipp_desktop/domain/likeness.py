"""Titles that are perhaps one innovation, written in two ways.

Exact and without a threshold that somebody would have to tune. A title is taken apart into its
*name* and its *expansions*: what stands in brackets, or behind a colon or dash where the name's
letters stand in it in the same order ("Getar Dilan (Gerakan Tanam Sayur di Lahan Pekarangan)").
Compared are only letters, case-folded, without marks above them. Digits and Roman numerals are
compared apart, as numbers: "Puskesmas 1" and "Puskesmas 2" are two. Two titles are alike for the
first of these reasons that holds:

- ``same``: all letters and numbers are the same ("Simodis", "Si MODIS");
- ``expansion``: both have the same name, or one is the other's expansion ("Getar Dilan", "Getar
  Dilan (Gerakan Tanam …)");
- ``letters``: their names are one letter apart (from 5 letters on) or two (from 10 letters on):
  a letter changed, added, left out, or two neighbours swapped ("Si Dora Eman", "Si Dora Emon").

The pairs of ``letters`` are found without comparing all with all, and none is missed: two names
that are at most two letters apart have a first or a last half that is at most one letter apart,
and two halves that are one letter apart share a string with a letter left out (the deletion
neighbourhood of W. Garbe's SymSpell, for halves).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Reason = Literal["same", "expansion", "letters"]

ONE_LETTER = 5  # letters of the shorter name from which one letter may differ
TWO_LETTERS = 10  # and from which two may

_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
_TAIL = re.compile(r"\s*(?::|=|\s[-\N{EN DASH}\N{EM DASH}])\s+")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"(?=[ivx])(?:x{0,3})(?:ix|iv|v?i{0,3})")


@dataclass(frozen=True)
class Alike:
    """Two titles, by their positions (the first is smaller), and why they are alike."""

    first: int
    second: int
    reason: Reason


@dataclass(frozen=True)
class Forms:
    """What is compared of a title: letters, and behind "#" its numbers."""

    whole: str
    name: str
    expansions: tuple[str, ...]


def forms_of(title: str) -> Forms:
    """Return what is compared of a title."""
    folded = _plain(title)
    expansions = [part for part in _BRACKETS.findall(folded) if part.strip()]
    name = _BRACKETS.sub(" ", folded)
    head, *tail = _TAIL.split(name, maxsplit=1)
    if tail and _abbreviates(_letters(head), _letters(tail[0])):
        name = head
        expansions.append(tail[0])
    keys = [key for key in map(_key, expansions) if len(key) >= ONE_LETTER]
    whole = _key(folded)
    return Forms(whole, _key(name) or whole, tuple(keys))


def alike(titles: Sequence[str]) -> list[Alike]:
    """Return every pair of titles that are perhaps one, in the order of their positions.

    Time grows with the number of titles and of pairs that share half a name, not with the square
    of the titles.
    """
    forms = [forms_of(title) for title in titles]
    found: dict[tuple[int, int], Reason] = {}
    _pair(found, "same", ((form.whole, index) for index, form in enumerate(forms)))
    _pair(
        found,
        "expansion",
        ((form.name, index) for index, form in enumerate(forms)),
    )
    for first, second in _expanded(forms):
        found.setdefault((first, second), "expansion")
    for first, second in _near(forms):
        found.setdefault((first, second), "letters")
    return [Alike(*pair, reason) for pair, reason in sorted(found.items())]


def why_alike(one: str, other: str) -> Reason | None:
    """Return why two titles are perhaps one, or None."""
    found = alike([one, other])
    return found[0].reason if found else None


def within(one: str, other: str, edits: int) -> bool:
    """Return whether ``edits`` letters turn one text into the other.

    An edit changes, adds or leaves out a letter, or swaps two neighbours; no letter is edited twice
    (optimal string alignment).
    """
    if abs(len(one) - len(other)) > edits:
        return False
    start = 0
    for start, (a, b) in enumerate(zip(one, other, strict=False)):  # noqa: B007
        if a != b:
            break
    else:
        return abs(len(one) - len(other)) <= edits
    if edits == 0:
        return False
    one, other = one[start:], other[start:]
    return (
        within(one[1:], other[1:], edits - 1)
        or within(one[1:], other, edits - 1)
        or within(one, other[1:], edits - 1)
        or (one[:2] == other[1::-1] and within(one[2:], other[2:], edits - 1))
    )


def _plain(title: str) -> str:
    """Return the title case-folded, without marks above or below its letters."""
    parts = unicodedata.normalize("NFKD", title.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _key(text: str) -> str:
    words = _WORD.findall(text)
    numbers = [word for word in words if _ROMAN.fullmatch(word)]
    letters = "".join(word for word in words if not _ROMAN.fullmatch(word))
    digits = [digit.lstrip("0") for digit in _DIGITS.findall(letters)]
    letters = _DIGITS.sub("", letters)
    if not letters:
        return "".join(words)
    signs = " ".join(digits + numbers)
    return f"{letters}#{signs}" if signs else letters


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text))


def _abbreviates(short: str, long: str) -> bool:
    """Return whether the letters of ``short`` stand in ``long`` in their order, the first first."""
    if not short or len(short) * 2 > len(long) or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)


def _pair(
    found: dict[tuple[int, int], Reason], reason: Reason, keyed: Iterable[tuple[str, int]]
) -> None:
    """Add the pairs of those that share a key."""
    together: dict[str, list[int]] = defaultdict(list)
    for key, index in keyed:
        if key:
            together[key].append(index)
    for members in together.values():
        for position, second in enumerate(members):
            for first in members[:position]:
                found.setdefault((first, second), reason)


def _expanded(forms: Sequence[Forms]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is called what the other's name stands for."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for index, form in enumerate(forms):
        by_name[form.name].append(index)
    for index, form in enumerate(forms):
        for expansion in form.expansions:
            for other in by_name.get(expansion, ()):
                if other != index:
                    yield min(index, other), max(index, other)


def _near(forms: Sequence[Forms]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of different names that are one or two letters apart."""
    names: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, form in enumerate(forms):
        letters, _, numbers = form.name.partition("#")
        if len(letters) >= ONE_LETTER:
            names[letters, numbers].append(index)
    halves: dict[tuple[str, str, int, str], list[str]] = defaultdict(list)
    compared: set[tuple[str, str, str]] = set()
    for letters, numbers in names:
        for half in _halves(letters):
            block = halves[numbers, *half]
            for other in block:
                one = (numbers, letters, other)
                if other == letters or one in compared:
                    continue
                compared.add(one)
                edits = 1 if min(len(letters), len(other)) < TWO_LETTERS else 2
                if within(letters, other, edits):
                    for first in names[letters, numbers]:
                        for second in names[other, numbers]:
                            yield min(first, second), max(first, second)
            block.append(letters)


def _halves(letters: str) -> Iterator[tuple[str, int, str]]:
    """Yield what two names share of which at most two letters differ.

    That is the first or last ``size`` letters of both, whole or with one left out, for the half of
    the shorter name; a longer one has at most two letters more, so its half is at most one longer.
    """
    half = len(letters) // 2
    for size in {half, max(half - 1, 1)}:
        for side, part in (("first", letters[:size]), ("last", letters[-size:])):
            for variant in {part[:at] + part[at + 1 :] for at in range(size)}:
                yield side, size, variant
