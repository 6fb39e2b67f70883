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

Of many that share a name each is paired with the first.

The pairs of ``letters`` are found without comparing all with all, and none is missed. Names that
are one letter apart share a string with a letter left out (the deletion neighbourhood of W. Garbe's
SymSpell). Of names that are two letters apart, either the first halves are the same, or they are
one letter apart, or the last halves are the same; where many share a half, the rest of them is
halved again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Reason = Literal["same", "expansion", "letters"]

ONE_LETTER = 5  # letters of the shorter name from which one letter may differ
TWO_LETTERS = 10  # and from which two may

_FEW = 8  # names that are compared each with each
_SHORT = 8  # letters of a part of which every pair of letters may be left out

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
    start = _common(one, other)
    one, other = one[start:], other[start:]
    if not one or not other:
        return True
    if edits == 0:
        return False
    return (
        within(one[1:], other[1:], edits - 1)
        or within(one[1:], other, edits - 1)
        or within(one, other[1:], edits - 1)
        or (one[:2] == other[1::-1] and within(one[2:], other[2:], edits - 1))
    )


def _common(one: str, other: str) -> int:
    """Return how many letters two texts begin with alike; halving beats a loop over letters."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


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
    """Pair each of those that share a key with the first of them."""
    first: dict[str, int] = {}
    for key, index in keyed:
        if first.setdefault(key, index) != index:
            found.setdefault((first[key], index), reason)


def _expanded(forms: Sequence[Forms]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is called what the other's name stands for."""
    by_name: dict[str, int] = {}
    for index, form in enumerate(forms):
        by_name.setdefault(form.name, index)
    for index, form in enumerate(forms):
        for expansion in form.expansions:
            other = by_name.get(expansion, index)
            if other != index:
                yield min(index, other), max(index, other)


# -- one or two letters ----------------------------------------------------------------------------


def _near(forms: Sequence[Forms]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of different names that are one or two letters apart."""
    by_numbers: dict[str, dict[str, int]] = defaultdict(dict)
    for index, form in enumerate(forms):
        letters, _, numbers = form.name.partition("#")
        if len(letters) >= ONE_LETTER:
            by_numbers[numbers].setdefault(letters, index)
    for names in by_numbers.values():
        pairs = set(_share({name: name for name in names}, _without_one))
        _halve({name: name for name in names if len(name) >= TWO_LETTERS}, pairs)
        letters_of = {name: frozenset(name) for name in names}
        for one, other in pairs:
            edits = 1 if min(len(one), len(other)) < TWO_LETTERS else 2
            # An edit takes at most one letter away and brings at most one.
            differ = letters_of[one] ^ letters_of[other]
            if len(differ) <= 2 * edits and within(one, other, edits):
                first, second = names[one], names[other]
                yield min(first, second), max(first, second)


_Pairs = set[tuple[str, str]]


def _halve(parts: Mapping[str, str], pairs: _Pairs) -> None:
    """Add the names of which the parts are perhaps two letters apart; ``parts`` by name."""
    if len(parts) <= _FEW:
        pairs.update(combinations(sorted(parts), 2))
        return
    if max(map(len, parts.values())) <= _SHORT:
        pairs.update(_share(parts, _without_two))
        return
    same_start: dict[str, dict[str, str]] = defaultdict(dict)
    same_end: dict[str, dict[str, str]] = defaultdict(dict)
    like_start: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, part in parts.items():
        for size in _sizes(len(part)):
            start = part[:size]
            same_start[start][name] = part[size:]
            same_end[part[-size:]][name] = part[:-size]
            for variant in _without_one(start):
                like_start[variant].append((start, name))
    for block in (*same_start.values(), *same_end.values()):
        if len(block) > 1:
            _halve(block, pairs)
    for members in like_start.values():
        # Those with the same start were compared above.
        starts = {start for start, _ in members}
        if len(starts) > 1:
            _cross(members, parts, pairs)


def _cross(members: Sequence[tuple[str, str]], parts: Mapping[str, str], pairs: _Pairs) -> None:
    """Add the names with different starts: at most one letter differs behind the start."""
    ends: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for start, name in members:
        end = parts[name][len(start) :][-max(len(start) - 1, 1) :]
        for variant in {end, *_without_one(end)} if len(members) > _FEW else {""}:
            ends[variant].append((start, name))
    for block in ends.values():
        for (start, name), (other_start, other) in combinations(block, 2):
            if start != other_start and name != other:
                pairs.add((min(name, other), max(name, other)))


def _sizes(length: int) -> set[int]:
    """Return how long a half is, for a part that has up to two letters more than the other."""
    return {max(2 * (shorter // 4), 2) for shorter in range(length - 2, length + 1)}


def _share(
    parts: Mapping[str, str], variants: Callable[[str], Iterable[str]]
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names whose parts share a variant."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for name, part in parts.items():
        for variant in {part, *variants(part)}:
            blocks[variant].append(name)
    for block in blocks.values():
        for one, other in combinations(block, 2):
            yield min(one, other), max(one, other)


def _without_one(text: str) -> set[str]:
    return {text[:at] + text[at + 1 :] for at in range(len(text))}


def _without_two(text: str) -> set[str]:
    once = _without_one(text)
    return once.union(*map(_without_one, once))
