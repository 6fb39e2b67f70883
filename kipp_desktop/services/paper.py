"""The paper desk: sheets on paper, typed at the secretariat under a clerk's key.

A typed sheet counts when a second person typed the same, or when it was printed back and the judge
initialled it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import parse_decimal
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.sheet import complete, unpack, with_mark
from kipp_desktop.errors import KippError
from kipp_desktop.services.desk import reason_needed
from kipp_desktop.services.judging import Marker, editable, open_stage, rubric_of, sheet_record
from kipp_desktop.services.naming import person_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from fractions import Fraction

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.exchange.keys import Card, Identity
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


def paper_marker(panel: Panel, card: Card, judge: str, stage: str | None = None) -> Marker:
    """Return the marker of a clerk who types for a judge (named as in the plan)."""
    person = person_of(panel, judge)
    found = panel.setup.person_by_id[person]
    where = open_stage(panel, found.roles, stage)
    if panel.setup.assignment(where, person) is None:
        raise KippError(
            "not-assigned",
            Text("{name} marks nothing in this stage.", name=found.name),
            Text("Choose a judge of this stage."),
        )
    return Marker(card.fingerprint, person, where, paper=True)


@dataclass(frozen=True)
class Typing:
    """How one typed sheet stands: ``once``, ``checked``, ``twice``, ``differs`` or ``none``.

    ``differences`` are (criterion, marks of each typing in the order of ``authors``); ``names``
    says who the authors are, in the same order.
    """

    entry: str
    state: str
    authors: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    differences: tuple[tuple[str, tuple[str, ...]], ...] = ()
    names: tuple[str, ...] = ()


def typings(panel: Panel, judge: str, stage: str) -> dict[str, Typing]:
    """Return how the typed sheets of a judge (id) stand, by entry."""
    rubric = rubric_of(panel, stage)
    checked = panel.checked_sheets(judge, panel.bounds(stage))
    last: dict[str, dict[str, tuple[str, bytes | None, bool]]] = {}
    for author, _, identity, paper, _, _, entry, _, marks, withdrawn in sorted(
        panel.projection.sheets(judge, stage, ()), key=lambda row: (row[0], row[1])
    ):
        if paper:
            last.setdefault(entry, {})[author] = (identity, marks, bool(withdrawn))
    result = {}
    for entry, typed in last.items():
        standing = {author: (i, marks) for author, (i, marks, gone) in typed.items() if not gone}
        values = [unpack(rubric, marks) if marks else {} for _, marks in standing.values()]
        names = {name for value in values for name in value}
        differences = tuple(
            (name, tuple(value.get(name, "") for value in values))
            for name in (leaf.id for leaf in rubric.judged.leaves)
            if name in names and len({value.get(name) for value in values}) > 1
        )
        if not standing:
            state = "none"
        elif any(identity in checked for identity, _ in standing.values()):
            state = "checked"
        elif len(standing) == 1:
            state = "once"
        else:
            state = "differs" if differences else "twice"
        result[entry] = Typing(
            entry,
            state,
            tuple(standing),
            tuple(i for i, _ in standing.values()),
            differences,
            tuple(_typist(panel, author) for author in standing),
        )
    return result


def _typist(panel: Panel, author: str) -> str:
    """Return who typed under a key; its beginning where it is not admitted."""
    key = panel.key_of(author)
    return author[:8] if key is None else panel.setup.name_of(key.person)


def wrong_typings(typing: Typing, agreed: Mapping[str, Fraction | None]) -> list[str]:
    """Return the keys whose typing is not what stands on the paper.

    ``agreed`` are the marks of the criteria that differ.
    """
    return [
        author
        for number, author in enumerate(typing.authors)
        if any(
            parse_decimal(marks[number]) != agreed[criterion] if marks[number] else True
            for criterion, marks in typing.differences
        )
    ]


def settle(  # noqa: PLR0917 - whose typing of what becomes what
    home: Home,
    panel: Panel,
    marker: Marker,
    identity: Identity,
    entry: str,
    agreed: Mapping[str, Fraction | None],
    reason: str,
) -> Changes:
    """Correct the typing of this key to what the paper says where two typings differed.

    ``agreed`` are the marks of the criteria that differed. Raises :class:`KippError`
    ``reason-needed``, ``nothing-typed``, ``not-complete``, ``off-scale``, ``closed``.
    """
    if not reason.strip():
        raise reason_needed()
    view = editable(panel, marker, entry)
    if view.signed is None:
        raise KippError(
            "nothing-typed",
            Text("Nothing was typed under this key for number {number}.", number=view.entry.number),
            Text("Choose the typist whose marks are to be corrected."),
        )
    rubric = rubric_of(panel, marker.stage)
    marks = view.marks
    for criterion, mark in agreed.items():
        marks = with_mark(rubric, marks, criterion, mark)
    if not complete(marks):
        raise KippError(
            "not-complete",
            Text("The marks of number {number} are not complete.", number=view.entry.number),
            Text("Say of every difference what stands on the paper."),
        )
    item = sheet_record(marker, rubric, replace(view, marks=marks), reason)
    panel.sign(identity, home.context.at(), [item])
    panel.drafts.remove(marker.author, marker.judge, marker.stage, [entry])
    return Changes.of("drafts", "ledgers", persons=[marker.judge])


def check(
    home: Home,
    panel: Panel,
    marker: Marker,
    identity: Identity,
    entries: Collection[str] | None = None,
) -> tuple[list[str], Changes]:
    """Record that typed sheets were printed back and the judge initialled them.

    Only sheets typed under this key that are not checked yet; returns the entries' numbers.
    """
    done = []
    items: list[tuple[str, dict[str, Json]]] = []
    checked = panel.checked_sheets(marker.judge, panel.bounds(marker.stage))
    for entry, typing in typings(panel, marker.judge, marker.stage).items():
        if entries is not None and entry not in entries:
            continue
        for author, sheet in zip(typing.authors, typing.sheets, strict=True):
            if author == marker.author and sheet not in checked:
                items.append(("paper-check", {"judge": marker.judge, "sheet": sheet}))
                done.append(panel.setup.entry_by_id[entry].number)
    panel.sign(identity, home.context.at(), items)
    return done, Changes.of("ledgers", persons=[marker.judge]) if done else Changes()
