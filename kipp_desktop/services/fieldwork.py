"""What a verifier does: look at claims on site, note what is there, conclude, sign.

A visit's draft is the notes of the same draft row in which a judge's marks stand, and it is signed
under the same key by the same act. Where the stage has a rubric, the marks are signed as a score
sheet together with the observation: they count as any judge's do.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.advancing import field_of
from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.setup import conflicts_of
from kipp_desktop.domain.sheet import Notes, complete, empty_marks, unpack, with_mark
from kipp_desktop.domain.visit import (
    Finding,
    Gap,
    Visit,
    contradiction,
    gaps,
    normalised,
    observation_body,
    people_blob,
    read_visit,
    says,
    visit_of,
    visit_text,
)
from kipp_desktop.domain.whereabouts import coordinates_in
from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.exchange.tables import parse_cell_decimal
from kipp_desktop.services.desk import reason_needed
from kipp_desktop.services.judging import to_sign
from kipp_desktop.services.observations import field_stages, observed, standing_records
from kipp_desktop.services.sheet_notes import notes_json, read_notes
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.rubric import Leaf, Rubric
    from kipp_desktop.domain.setup import Entry
    from kipp_desktop.exchange.keys import Card, Identity
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.observations import Observed
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Visitor:
    """Who visits in which stage: ``author`` is the key that will sign, ``person`` the verifier."""

    author: str
    person: str
    stage: str


@dataclass(frozen=True)
class VisitView:
    """One visit as its verifier sees it: the draft, or else what was signed last.

    ``state`` is ``empty``, ``draft``, ``complete`` or ``final``; ``signed`` the id of the last
    signed record; ``marks`` are packed by the stage's rubric, empty where it has none.
    """

    entry: Entry
    visit: Visit
    state: str
    gaps: tuple[Gap, ...]
    marks: bytes = b""
    changed: str = ""
    signed: str | None = None

    @property
    def question(self) -> Text | None:
        """What to ask before signing, where the conclusion contradicts the claims."""
        return contradiction(self.visit)


@dataclass
class Signed:
    """What signing did: the entries' numbers, those with gaps, and what was odd about some."""

    signed: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    questions: list[Text] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)


def visitor_of(panel: Panel, card: Card, stage: str | None = None) -> Visitor:
    """Return the visitor that a member of this laptop is.

    Raises :class:`KippError` ``no-verifier`` or :class:`UsageError` ``which-stage``.
    """
    person = panel.setup.person_by_id.get(card.person)
    if person is None or not person.has("verifier"):
        raise KippError(
            "no-verifier",
            Text("{name} is not a verifier in the plan.", name=card.name),
            Text("Ask the secretariat to give the role and to send the package again."),
        )
    return Visitor(card.fingerprint, card.person, field_stage(panel, stage).id)


def field_stage(panel: Panel, wanted: str | None = None) -> Stage:
    """Return the stage of the visits: named, or the only one, or the only open one."""
    found = field_stages(panel.setup)
    if wanted is not None:
        found = tuple(stage for stage in found if stage.id == wanted)
    if len(found) > 1:
        found = tuple(stage for stage in found if stage.id not in panel.state.closings)
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "which-stage",
        Text("It is not clear in which stage the visits are."),
        Text(
            "The stages in the field are: {stages}.",
            stages=", ".join(stage.id for stage in field_stages(panel.setup)) or "-",
        ),
    )


def rubric_of(panel: Panel, stage: str) -> Rubric | None:
    """Return the rubric by which verifiers mark in a stage, where it has one."""
    setup = panel.setup_for(stage)
    found = setup.rules.stage(stage)
    return None if found.rubric is None else setup.rubric_of(found)


def entries_of(panel: Panel, visitor: Visitor) -> list[Entry]:
    """Return the entries that this verifier visits: alive in the stage, without a conflict."""
    setup = panel.setup_for(visitor.stage)
    person = setup.person_by_id.get(visitor.person)
    barred = set(conflicts_of(setup, person)) if person else set()
    alive = alive_in(panel, visitor.stage)
    return [item for item in setup.entries if item.id in alive and item.id not in barred]


def alive_in(panel: Panel, stage: str) -> frozenset[str]:
    """Return the entries that have come to a stage.

    One that the advice of a stage before it limits is not there until the panel has decided.
    """
    setup = panel.setup_for(stage)
    alive = set(field_of(setup, panel.state).alive[stage])
    for earlier in setup.rules.stages:
        if earlier.id == stage:
            break
        if earlier.advance_per_group is None:
            continue
        for group in setup.groups:
            if (earlier.id, group.id) not in panel.state.advances:
                alive -= {entry.id for entry in setup.entries if entry.group == group.id}
    return frozenset(alive)


def visits(panel: Panel, visitor: Visitor) -> list[VisitView]:
    """Return every visit that is this verifier's to make, in the order of the entries."""
    signed = _last_signed(panel, visitor)
    drafts = panel.drafts.of(visitor.author, visitor.person, visitor.stage)
    return [
        _view(panel, visitor, entry, drafts.get(entry.id), signed.get(entry.id))
        for entry in entries_of(panel, visitor)
    ]


def visit(panel: Panel, visitor: Visitor, entry: str) -> VisitView:
    """Return one visit. Raises :class:`KippError` ``not-assigned``."""
    found = next((item for item in entries_of(panel, visitor) if item.id == entry), None)
    if found is None:
        raise KippError(
            "not-assigned",
            Text("This entry is not among those that this verifier visits."),
            Text("Ask the secretariat if it should be."),
        )
    draft = panel.drafts.get(visitor.author, visitor.person, visitor.stage, entry)
    return _view(panel, visitor, found, draft, _last_signed(panel, visitor).get(entry))


def save(home: Home, panel: Panel, visitor: Visitor, entry: str, new: Visit) -> VisitView:
    """Keep the draft of a visit; durable on return.

    Raises :class:`KippError` with code ``not-assigned`` or ``closed``.
    """
    view = _editable(panel, visitor, entry)
    return _save(home, panel, visitor, replace(view, visit=normalised(new)))


def set_mark(  # noqa: PLR0917 - which mark, and what it is
    home: Home, panel: Panel, visitor: Visitor, entry: str, criterion: str, mark: Fraction | None
) -> VisitView:
    """Set or clear one mark of a stage with a rubric; durable on return."""
    view = _editable(panel, visitor, entry)
    rubric = rubric_of(panel, visitor.stage)
    if rubric is None:
        raise KippError("no-marks", Text("In this stage nothing is marked."))
    return _save(
        home, panel, visitor, replace(view, marks=with_mark(rubric, view.marks, criterion, mark))
    )


def sign(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    visitor: Visitor,
    identity: Identity,
    entries: Collection[str] | None = None,
    reason: str = "",
) -> Signed:
    """Sign the visits without gaps (of some entries, or all); the others are listed.

    One that was signed and not changed is left alone; one that was changed corrects it and needs a
    reason. Raises :class:`KippError` with code ``reason-needed`` or ``closed``.
    """
    ready, incomplete = to_sign(visits(panel, visitor), entries, reason)
    result = Signed(incomplete=incomplete)
    if not ready:
        return result
    _check_open(panel, visitor)
    items: list[tuple[str, dict[str, Json]]] = []
    for view in ready:
        items += _records(home, panel, visitor, view, reason)
        if view.question is not None:
            result.questions.append(view.question)
    panel.sign(identity, home.context.at(), items)
    panel.drafts.remove(
        visitor.author, visitor.person, visitor.stage, [view.entry.id for view in ready]
    )
    result.signed = [view.entry.number for view in ready]
    result.changes = Changes.of("drafts", "ledgers", persons=[visitor.person])
    return result


def others_of(panel: Panel, visitor: Visitor, entry: str) -> list[Observed]:
    """Return what other verifiers signed about an entry, as far as it is here."""
    return [
        item
        for item in observed(panel, visitor.stage, unadmitted=True)
        if item.entry == entry and item.person != visitor.person
    ]


def approve(  # noqa: PLR0917 - whose, what, and the word
    home: Home,
    panel: Panel,
    card: Card,
    identity: Identity,
    record: str,
    dissent: str | None = None,
) -> Changes:
    """Sign that this verifier agrees with another's observation, or why not.

    Raises :class:`KippError` with code ``no-observation`` or ``own-observation``.
    """
    if dissent is not None and not dissent.strip():
        raise reason_needed()
    found = next(
        (item for item in standing_records(panel, unadmitted=True) if item[1].id == record), None
    )
    if found is None:
        raise KippError(
            "no-observation",
            Text("That observation is not here."),
            Text("Open the file of the other verifier first."),
        )
    if found[0].person == card.person:
        raise KippError(
            "own-observation",
            Text("This is the verifier's own observation; signing it was the approval."),
            Text("Let the other verifier approve it."),
        )
    body: dict[str, Json] = {
        "dissent": dissent.strip() if dissent is not None else None,
        "person": card.person,
        "record": record,
        "wet": False,
    }
    panel.sign(identity, home.context.at(), [("approval", body)])
    return Changes.of("ledgers", persons=[card.person])


# -- claims and corrections ------------------------------------------------------------------------


def planned(panel: Panel, entry: str) -> tuple[Finding, ...]:
    """Return the claims that the plan asks to check of an entry, as findings without a finding."""
    found = [item for item in panel.setup.claims if item[0] == entry]
    return tuple(
        Finding(f"k{number}", claim, criterion)
        for number, (_, criterion, claim) in enumerate(found, start=1)
    )


def new_claim(of: Visit) -> str:
    """Return the id of a claim that is added on site."""
    known = {one.id for one in of.findings}
    return next(name for n in range(1, len(known) + 2) if (name := f"s{n}") not in known)


def correctable(panel: Panel) -> list[tuple[str, Leaf]]:
    """Return the criteria of which a correction can be proposed: (stage, leaf), last stage first.

    Those of the stages with a score, but not of a stage that verifiers themselves mark.
    """
    setup = panel.setup
    found: dict[str, tuple[str, Leaf]] = {}
    for stage in reversed(setup.rules.counted()):
        if stage.kind != "field":
            for leaf in setup.rubric_of(stage).leaves:
                found.setdefault(leaf.id, (stage.id, leaf))
    return list(found.values())


def criterion_names(panel: Panel) -> dict[str, str]:
    """Return what the criteria that may be corrected are called, by id."""
    return {leaf.id: leaf.criterion.name for _, leaf in correctable(panel)}


def mark_problem(panel: Panel, criterion: str, mark: str) -> Text | None:
    """Return why a mark cannot be proposed for a criterion; ``None`` where it can."""
    leaf = next((leaf for _, leaf in correctable(panel) if leaf.id == criterion), None)
    if leaf is None:
        return Text("The criterion to be corrected is missing.")
    value = parse_cell_decimal(mark)
    if value is None:
        return Text("The proposed mark is missing.")
    if leaf.scale.index(value) is None:
        return Text(
            "{mark} is not on the scale of “{criterion}”.",
            mark=value,
            criterion=leaf.criterion.name,
        )
    return None


def stated_place(panel: Panel, entry: Entry, of: Visit) -> tuple[float, float] | None:
    """Return the coordinates in the visit's place, else in one of the entry's further fields."""
    found = coordinates_in(of.place)
    if found is not None:
        return found
    names = {"koordinat", "lokasi", "titik", "gps", "coordinates", "location"}
    known = panel.setup.entry_by_id.get(entry.id, entry)
    for name, value in known.fields:
        if any(word in name.casefold() for word in names):
            found = coordinates_in(value)
            if found is not None:
                return found
    return None


# -- inside ----------------------------------------------------------------------------------------


def _editable(panel: Panel, visitor: Visitor, entry: str) -> VisitView:
    view = visit(panel, visitor, entry)
    _check_open(panel, visitor)
    return view


def _check_open(panel: Panel, visitor: Visitor) -> None:
    if visitor.stage in panel.state.closings:
        raise KippError(
            "closed",
            Text("This stage is closed; its visits cannot be changed."),
            Text("The panel can decide to reopen it."),
        )


def _save(home: Home, panel: Panel, visitor: Visitor, view: VisitView) -> VisitView:
    rubric = rubric_of(panel, visitor.stage)
    panel.drafts.put(
        author=visitor.author,
        judge=visitor.person,
        stage=visitor.stage,
        entry=view.entry.id,
        rubric=rubric.shape if rubric else "",
        marks=view.marks,
        notes=notes_json(Notes(visit=visit_text(view.visit))),
        changed=home.context.at(),
    )
    return visit(panel, visitor, view.entry.id)


def _last_signed(panel: Panel, visitor: Visitor) -> dict[str, Record]:
    """Return the last observation of this key by entry; each replaces the one before."""
    return {
        str(record.body["entry"]): record
        for record in panel.records(visitor.author, "observation")
        if record.body["stage"] == visitor.stage
    }


def _view(
    panel: Panel, visitor: Visitor, entry: Entry, draft: Any, last: Record | None
) -> VisitView:
    rubric = rubric_of(panel, visitor.stage)
    marks = empty_marks(rubric) if rubric else b""
    fits = draft is not None and draft.rubric == (rubric.shape if rubric else "")
    text = read_notes(draft.notes).visit if draft is not None else ""
    if fits:
        marks = bytes(draft.marks)
    if text:
        found = _with_planned(panel, entry, read_visit(text))
        if last is not None and says(last.body, found) and _same_marks(last, rubric, marks):
            return VisitView(entry, found, "final", (), marks, draft.changed, last.id)
        missing = _gaps(panel, rubric, found, marks)
        state = "draft" if missing else "complete"
        return VisitView(
            entry, found, state, missing, marks, draft.changed, last.id if last else None
        )
    if last is not None:
        blob = panel.blobs.get(str(last.body["people"])) if last.body["people"] else None
        said: Any = last.body["marks"]
        for criterion, mark in (said or {}).items() if rubric else ():
            value = parse_cell_decimal(mark)
            marks = with_mark(rubric, marks, criterion, value) if rubric else marks
        return VisitView(entry, visit_of(last.body, blob), "final", (), marks, last.at, last.id)
    fresh = Visit(findings=planned(panel, entry.id))
    return VisitView(entry, fresh, "empty", _gaps(panel, rubric, fresh, marks), marks)


def _same_marks(last: Record, rubric: Rubric | None, marks: bytes) -> bool:
    return last.body["marks"] == (unpack(rubric, marks) if rubric else None)


def _with_planned(panel: Panel, entry: Entry, found: Visit) -> Visit:
    """Add the claims that a newer plan asks for to a draft that was begun before."""
    known = {one.claim for one in found.findings}
    ids = {one.id for one in found.findings}
    new = []
    for one in planned(panel, entry.id):
        if one.claim in known:
            continue
        name = one.id
        while name in ids:
            name += "a"
        ids.add(name)
        new.append(replace(one, id=name))
    return replace(found, findings=(*found.findings, *new)) if new else found


def _gaps(panel: Panel, rubric: Rubric | None, of: Visit, marks: bytes) -> tuple[Gap, ...]:
    return tuple(
        gaps(
            of,
            lambda criterion, mark: mark_problem(panel, criterion, mark),
            marks_complete=rubric is None or complete(marks),
        )
    )


def _records(
    home: Home, panel: Panel, visitor: Visitor, view: VisitView, reason: str
) -> list[tuple[str, dict[str, Json]]]:
    """Return the records that sign a visit: the marks, where there are any, and what was seen."""
    rubric = rubric_of(panel, visitor.stage)
    blob = people_blob(view.visit.met, home.context.randomness(16).hex())
    said = view.visit
    value = parse_cell_decimal(said.conclusion.mark)
    if value is not None:
        mark = format_decimal(value)
        said = replace(said, conclusion=replace(said.conclusion, mark=mark))
    items: list[tuple[str, dict[str, Json]]] = []
    marks = None
    if rubric is not None:
        marks = unpack(rubric, view.marks)
        seq = panel.projection.last_sheet(
            visitor.author, visitor.person, visitor.stage, view.entry.id, paper=False
        )
        last = None if seq is None else panel.record(visitor.author, seq)
        if last is None or last.body["marks"] != marks:
            sheet: dict[str, Json] = {
                "check": None,
                "comments": {},
                "entry": view.entry.id,
                "feedback": "",
                "marks": {**marks},
                "reason": reason.strip() if last else None,
                "rubric": rubric.fingerprint,
                "stage": visitor.stage,
                "supersedes": last.id if last else None,
            }
            items.append(("score-sheet", sheet))
    body = observation_body(
        said,
        view.entry.id,
        visitor.stage,
        panel.blobs.put(blob) if blob else None,
        rubric.fingerprint if rubric else None,
        marks,
        view.signed,
        reason,
    )
    items.append(("observation", body))
    return items
