"""The administrative selection: a checklist as data, what can be proposed, who passes.

An entry passes when every item of the checklist is passed, fails when one is not, and is open until
then. Where a column of the entry's table, the earlier winners or the other titles allow it, an item
is proposed; the secretariat decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import ID, normalise
from kipp_desktop.domain.competition import count, name_key, required, tables, text, texts
from kipp_desktop.domain.likeness import why_alike
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kipp_desktop.domain.canonical import Json

CHECKS = ("age", "not-earlier-winner", "filled", "title-once", "any-filled", "yes", "hand")

_YES = frozenset("ya y yes ada sudah setuju bersedia true 1 x v ✓ lengkap".split())
_NO = frozenset("tidak tdk t no n belum false 0 tidakada".split())
_ISO = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)")
_LOCAL = re.compile(r"(\d{1,2})[-/. ](\d{1,2}|[a-z]+)[-/. ]((?:19|20)\d\d)", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"(\d{1,2}|[a-z]+)[-/. ]+((?:19|20)\d\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_OTHER_MONTHS = {"may": 5, "aug": 8, "oct": 10, "dec": 12, "ags": 8, "nop": 11}


@dataclass(frozen=True)
class Item:
    """One condition: how it can be proposed (:data:`CHECKS`), from which columns."""

    id: str
    name: str
    check: str = "hand"
    columns: tuple[str, ...] = ()
    years: int = 1


@dataclass(frozen=True)
class Checklist:
    """The conditions that an entry must meet before it is judged."""

    id: str
    name: str
    source: str
    items: tuple[Item, ...]

    def item(self, item_id: str) -> Item:
        """Return an item; :class:`KippError` ``no-item`` where there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KippError(
            "no-item",
            Text("The checklist has no item “{item}”.", item=item_id),
            Text("Its items are: {items}.", items=", ".join(item.id for item in self.items)),
        )


@dataclass(frozen=True)
class Winner:
    """An innovation that was awarded before."""

    title: str
    organisation: str = ""
    year: str = ""
    award: str = ""


@dataclass(frozen=True)
class Candidate:
    """What the checks see of an entry: its columns by :func:`name_key` of the heading.

    ``twins`` are the numbers of entries whose titles are perhaps the same.
    """

    title: str
    columns: Mapping[str, str]
    twins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What a check finds: passed, not passed or (None) nothing that it could say; and why."""

    passed: bool | None
    why: Text


def read_checklist(table: Mapping[str, Any]) -> Checklist:
    """Return the checklist of a TOML file or of the database.

    Raises :class:`KippError` with code ``bad-checklist`` naming the first mistake.
    """
    try:
        items = tuple(_item(item) for item in tables(table.get("item", [])))
        name = required(table, "name")
        source = text(table, "source")
    except KippError as error:
        raise bad_checklist(error.what.values.get("problem", error.what)) from error
    checklist_id = table.get("id")
    if not isinstance(checklist_id, str) or not ID.match(checklist_id):
        raise bad_checklist(Text("its id is not of small letters, digits and hyphens"))
    if not items:
        raise bad_checklist(Text("it has no item"))
    if len({item.id for item in items}) != len(items):
        raise bad_checklist(Text("two items have the same id"))
    return Checklist(checklist_id, name, source, items)


def _item(table: Mapping[str, Any]) -> Item:
    item_id, check = table.get("id"), table.get("check", "hand")
    unknown = set(table) - {"id", "name", "check", "columns", "years"}
    if not isinstance(item_id, str) or not ID.match(item_id):
        raise bad_checklist(Text("an item has no id of small letters, digits and hyphens"))
    if check not in CHECKS:
        raise bad_checklist(
            Text("“{check}” is none of the checks {checks}", check=check, checks=", ".join(CHECKS))
        )
    if unknown:
        raise bad_checklist(
            Text("item {item} has an unknown key “{key}”", item=item_id, key=min(unknown))
        )
    return Item(
        item_id,
        required(table, "name"),
        str(check),
        texts(table.get("columns", []), "columns"),
        count(table.get("years", 1), "years", 0, 100),
    )


def checklist_json(value: Checklist) -> dict[str, Json]:
    """Return the checklist as :func:`read_checklist` reads it."""
    return {
        "id": value.id,
        "name": value.name,
        "source": value.source,
        "item": [
            {
                "id": item.id,
                "name": item.name,
                "check": item.check,
                "columns": list(item.columns),
                "years": item.years,
            }
            for item in value.items
        ],
    }


def bad_checklist(problem: object) -> KippError:
    """Return the error that says what is wrong with a checklist."""
    return KippError(
        "bad-checklist",
        Text("The checklist cannot be used: {problem}.", problem=problem),
        Text("Correct it and try again; nothing was stored."),
    )


def passes(checklist: Checklist, verdicts: Mapping[str, tuple[bool, str]]) -> bool | None:
    """Return whether an entry passes; None while an item is open and none failed."""
    found = [verdicts.get(item.id) for item in checklist.items]
    if any(verdict is not None and not verdict[0] for verdict in found):
        return False
    return None if None in found else True


def propose(
    item: Item, candidate: Candidate, closes: date | None, winners: Sequence[Winner]
) -> Proposal:
    """Return what can be said of an item before a person has looked."""
    if item.check == "age":
        return _age(item, candidate, closes)
    if item.check == "not-earlier-winner":
        return _not_winner(candidate, winners)
    if item.check == "title-once":
        if candidate.twins:
            return Proposal(
                False, Text("Perhaps the same as {numbers}", numbers=", ".join(candidate.twins))
            )
        return Proposal(True, Text("No other title is like it"))
    values = {
        column: candidate.columns[name_key(column)].strip()
        for column in item.columns
        if name_key(column) in candidate.columns
    }
    if item.check == "hand" or not values:
        return Proposal(None, Text("To be looked at by hand"))
    empty = [column for column, value in values.items() if not value]
    if item.check == "filled":
        if empty:
            return Proposal(False, Text("Empty: {columns}", columns=", ".join(empty)))
        return Proposal(True, Text("All columns are filled in"))
    column, value = next(
        ((column, value) for column, value in values.items() if value), (next(iter(values)), "")
    )
    if not value or name_key(value) in _NO:
        return Proposal(
            False, Text("{column}: {value}", column=column, value=value or Text("empty"))
        )
    if item.check == "yes" and name_key(value) not in _YES:
        return Proposal(None, Text("{column}: {value}", column=column, value=value))
    return Proposal(True, Text("{column}: {value}", column=column, value=value))


def _age(item: Item, candidate: Candidate, closes: date | None) -> Proposal:
    if closes is None:
        return Proposal(None, Text("The closing date of the registration is not set"))
    last = _years_before(closes, item.years)
    for column in item.columns:
        value = normalise(candidate.columns.get(name_key(column), ""))
        span = read_date(value)
        if span is None:
            continue
        began = Text("{column}: {value}", column=column, value=value)
        if span[1] <= last:
            return Proposal(True, began)
        if span[0] > last:
            return Proposal(False, began)
        return Proposal(None, Text("{began}; the day is needed", began=began))
    return Proposal(None, Text("No column says since when it is applied"))


def _not_winner(candidate: Candidate, winners: Sequence[Winner]) -> Proposal:
    if not winners:
        return Proposal(None, Text("No earlier winners are known"))
    for winner in winners:
        if why_alike(candidate.title, winner.title):
            said = ", ".join(filter(None, (winner.award, winner.year, winner.organisation)))
            return Proposal(False, Text("{title} ({award})", title=winner.title, award=said))
    return Proposal(True, Text("None of {count} earlier winners is like it", count=len(winners)))


def read_date(value: str) -> tuple[date, date] | None:
    """Return the first and last day that a cell can mean: a day, a month or a year.

    ISO dates, day-month-year with digits or Indonesian and English month names, month and year,
    or a year alone. None for anything else.
    """
    try:
        if match := _ISO.match(value):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day, day
        if match := _LOCAL.search(value):
            day = date(int(match[3]), _month(match[2]), int(match[1]))
            return day, day
        if match := _MONTH_YEAR.search(value):
            year, month = int(match[2]), _month(match[1])
            following = date(year + month // 12, month % 12 + 1, 1)
            return date(year, month, 1), date.fromordinal(following.toordinal() - 1)
    except ValueError:
        pass
    if match := _YEAR.search(value):
        return date(int(match[0]), 1, 1), date(int(match[0]), 12, 31)
    return None


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word)
    short = word[:3].casefold()
    if short in _OTHER_MONTHS:
        return _OTHER_MONTHS[short]
    return _MONTHS.index(short) + 1


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
