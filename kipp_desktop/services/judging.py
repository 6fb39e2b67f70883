"""What a judge does: set marks, sign sheets, abstain.

The same drafts and the same act of signing serve paper sheets that a clerk types for a judge
(:mod:`kipp_desktop.services.paper`): a :class:`Marker` says under which key for whom.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kipp_desktop.domain.advancing import field_of
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.sheet import Notes, complete, empty_marks, unpack, with_mark
from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.exchange.keys import Card, Identity
from kipp_desktop.exchange.tables import parse_cell_decimal
from kipp_desktop.services import abstaining
from kipp_desktop.services.desk import abstention_body, reason_needed
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.sheet_notes import (
    normalised_notes,
    notes_json,
    read_notes,
    signed_notes,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from fractions import Fraction

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.domain.setup import Entry, Setup
    from kipp_desktop.services.home import Home


@dataclass(frozen=True)
class Marker:
    """Who marks in which stage: ``author`` is the key that will sign, ``judge`` the person.

    ``paper`` when a clerk types for a judge.
    """

    author: str
    judge: str
    stage: str
    paper: bool = False


@dataclass(frozen=True)
class SheetView:
    """One sheet as its judge sees it: the draft, or else what was signed last.

    ``state`` is ``empty``, ``draft``, ``complete`` or ``final``; ``signed`` the last signed record;
    ``status`` that of the entry, ``present`` or why not, as far as it is known here.
    """

    entry: Entry
    marks: bytes
    notes: Notes
    state: str
    changed: str = ""
    signed: str | None = None
    abstained: bool = False
    status: str = "present"

    @property
    def due(self) -> bool:
        """Whether marks are expected: nobody marks what the judge leaves out or never came."""
        return not self.abstained and (self.status == "present" or self.state != "empty")


@dataclass
class Submitted:
    """What signing did: the entries' numbers, and those whose sheets are not complete."""

    submitted: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)


def open_stage(panel: Panel, roles: Collection[str], wanted: str | None = None) -> str:
    """Return the stage that is meant: named, or the only open one whose sheets these roles mark.

    Raises :class:`UsageError` with code ``which-stage``.
    """
    if wanted is not None:
        return panel.setup.rules.stage(wanted).id
    found = [
        stage.id
        for stage in panel.setup.rules.stages
        if stage.rubric is not None
        and stage.id not in panel.state.closings
        and set(stage.marking_roles) & set(roles)
    ]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "which-stage",
        Text("It is not clear which stage is meant."),
        Text(
            "Name one with --stage: {stages}.",
            stages=", ".join(stage.id for stage in panel.setup.rules.stages),
        ),
    )


def marker_of(panel: Panel, card: Card, stage: str | None = None) -> Marker:
    """Return the marker of a judge who marks on this laptop."""
    person = panel.setup.person_by_id.get(card.person)
    roles = person.roles if person else ()
    return Marker(card.fingerprint, card.person, open_stage(panel, roles, stage))


def rubric_of(panel: Panel, stage: str) -> Rubric:
    """Return the rubric that the sheets of a stage are marked by."""
    setup = panel.setup_for(stage)
    found: Stage = setup.rules.stage(stage)
    if found.rubric is None:
        raise KippError(
            "no-marks",
            Text("The stage {stage} has no marks.", stage=found.name),
            Text("Choose a stage with a rubric."),
        )
    return setup.rubric_of(found)


def sheets(panel: Panel, marker: Marker) -> list[SheetView]:
    """Return every sheet that is this judge's to mark, in the order of the entries."""
    setup = panel.setup_for(marker.stage)
    assignment = setup.assignment(marker.stage, marker.judge)
    if assignment is None:
        return []
    rubric = rubric_of(panel, marker.stage)
    drafts = panel.drafts.of(marker.author, marker.judge, marker.stage)
    signed = _last_signed(panel, marker)
    everything, out = _abstained(panel, marker)
    gone = _gone_before(panel, setup, marker.stage)
    views = []
    for entry in setup.entries:
        if not assignment.covers(entry.id) or entry.id in gone:
            continue
        draft, last = drafts.get(entry.id), signed.get(entry.id)
        out_here = everything or entry.id in out
        views.append(_view(panel, rubric, entry, draft, last, abstained=out_here))
    return views


def alive_entries(panel: Panel, setup: Setup, stage: str) -> list[str]:
    """Return the entries of a setup that, as far as it is known here, may come to a stage."""
    gone: set[str] = set()
    if panel.state.plan is not None and any(s.id == stage for s in panel.setup.rules.stages):
        gone = _gone_before(panel, panel.setup, stage)
    return [entry.id for entry in setup.entries if entry.id not in gone]


def _gone_before(panel: Panel, setup: Setup, stage: str) -> set[str]:
    """Return the entries that, as far as it is known here, did not advance to a stage."""
    order = [item.id for item in setup.rules.stages]
    before = set(order[: order.index(stage)])
    stopped = field_of(setup, panel.state).stopped
    return {entry for entry, where in stopped.items() if where in before}


def sheet(panel: Panel, marker: Marker, entry: str) -> SheetView:
    """Return one sheet of this judge."""
    found = _own_entry(panel, marker, entry)
    rubric = rubric_of(panel, marker.stage)
    draft = panel.drafts.get(marker.author, marker.judge, marker.stage, entry)
    everything, out = _abstained(panel, marker)
    seq = panel.projection.last_sheet(
        marker.author, marker.judge, marker.stage, entry, paper=marker.paper
    )
    last = None if seq is None else panel.record(marker.author, seq)
    return _view(panel, rubric, found, draft, last, abstained=everything or entry in out)


def set_mark(  # noqa: PLR0917 - which mark, and what it is
    home: Home, panel: Panel, marker: Marker, entry: str, criterion: str, mark: Fraction | None
) -> SheetView:
    """Set or clear one mark of a draft; durable on return.

    Raises :class:`KippError` with code ``off-scale``, ``no-criterion``, ``not-assigned``,
    ``closed`` or ``abstained``.
    """
    view = editable(panel, marker, entry)
    marks = with_mark(rubric_of(panel, marker.stage), view.marks, criterion, mark)
    return _save(home, panel, marker, view, marks, view.notes)


def set_notes(home: Home, panel: Panel, marker: Marker, entry: str, notes: Notes) -> SheetView:
    """Set what is written beside the marks; durable on return."""
    view = editable(panel, marker, entry)
    return _save(home, panel, marker, view, view.marks, normalised_notes(notes))


def set_sheet(  # noqa: PLR0917 - a whole sheet at once
    home: Home, panel: Panel, marker: Marker, entry: str, marks: bytes, notes: Notes
) -> SheetView:
    """Set marks and notes of a draft at once (an undo, a row of a table)."""
    view = editable(panel, marker, entry)
    return _save(home, panel, marker, view, marks, notes)


def submit(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    marker: Marker,
    identity: Identity,
    entries: Collection[str] | None = None,
    reason: str = "",
) -> Submitted:
    """Sign the complete sheets (of some entries, or all); the others are listed.

    A sheet that is signed already and was not changed since is left alone; one that was changed
    corrects it and needs a reason. Raises :class:`KippError` with code ``reason-needed``.
    """
    rubric = rubric_of(panel, marker.stage)
    views = [view for view in sheets(panel, marker) if view.due]
    done, incomplete = to_sign(views, entries, reason)
    result = Submitted(incomplete=incomplete)
    items = [sheet_record(marker, rubric, view, reason) for view in done]
    panel.sign(identity, home.context.at(), items)
    # A draft that says what was signed is no correction; it stays where it holds private notes.
    done_with = [view.entry.id for view in done if not view.notes.private and not view.notes.visit]
    panel.drafts.remove(marker.author, marker.judge, marker.stage, done_with)
    result.submitted += [view.entry.number for view in done]
    if done:
        result.changes = Changes.of("drafts", "ledgers", persons=[marker.judge])
    return result


class Signable(Protocol):
    """What a person drafts and then signs, an entry at a time."""

    @property
    def entry(self) -> Entry:
        """What it is about."""

    @property
    def state(self) -> str:
        """``empty``, ``draft``, ``complete`` or ``final``."""

    @property
    def signed(self) -> str | None:
        """The record that it corrects, if any."""


S = TypeVar("S", bound=Signable)


def to_sign(
    views: Iterable[S], entries: Collection[str] | None, reason: str
) -> tuple[list[S], list[str]]:
    """Return what is to be signed (of some entries, or all), and the numbers of what has gaps.

    What was signed and not changed is left alone; what was changed corrects it and needs a reason.
    Raises :class:`KippError` ``reason-needed``.
    """
    ready, incomplete = [], []
    for view in views:
        if (entries is not None and view.entry.id not in entries) or view.state == "final":
            continue
        if view.state != "complete":
            incomplete.append(view.entry.number)
            continue
        if view.signed is not None and not reason.strip():
            raise reason_needed()
        ready.append(view)
    return ready, incomplete


def abstain(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    marker: Marker,
    identity: Identity,
    numbers: Sequence[str] | None,
    why: str,
    reason: str,
) -> Changes:
    """Sign that this judge gives no marks to some entries, or to all, and why."""
    body = abstention_body(panel, marker.judge, marker.stage, numbers, why, reason)
    panel.sign(identity, home.context.at(), [("abstention", body)])
    return Changes.of("drafts", "ledgers", persons=[marker.judge])


def _own_entry(panel: Panel, marker: Marker, entry: str) -> Entry:
    setup = panel.setup_for(marker.stage)
    assignment = setup.assignment(marker.stage, marker.judge)
    if assignment is None or entry not in setup.entry_by_id or not assignment.covers(entry):
        raise KippError(
            "not-assigned",
            Text("This entry is not among those that this judge marks."),
            Text("Ask the secretariat if it should be."),
        )
    return setup.entry_by_id[entry]


def editable(panel: Panel, marker: Marker, entry: str) -> SheetView:
    """Return a sheet that may be changed now.

    Raises :class:`KippError` with code ``not-assigned``, ``closed`` or ``abstained``.
    """
    view = sheet(panel, marker, entry)
    if marker.stage in panel.state.closings:
        raise KippError(
            "closed",
            Text("This stage is closed; its marks cannot be changed."),
            Text("The panel can decide to reopen it, or to accept a late sheet."),
        )
    if view.abstained:
        raise KippError(
            "abstained",
            Text("No marks are given here: an abstention is recorded."),
            Text("Withdraw the abstention first if it was a mistake."),
        )
    return view


def _save(  # noqa: PLR0917 - one draft
    home: Home, panel: Panel, marker: Marker, view: SheetView, marks: bytes, notes: Notes
) -> SheetView:
    rubric = rubric_of(panel, marker.stage)
    at = home.context.at()
    panel.drafts.put(
        author=marker.author,
        judge=marker.judge,
        stage=marker.stage,
        entry=view.entry.id,
        rubric=rubric.shape,
        marks=marks,
        notes=notes_json(notes),
        changed=at,
    )
    state = _state(marks, notes)
    return SheetView(view.entry, marks, notes, state, at, view.signed, status=view.status)


def _view(
    panel: Panel, rubric: Rubric, entry: Entry, draft: Any, last: Record | None, *, abstained: bool
) -> SheetView:
    # A withdrawn sheet is as if there were none: a new one corrects nothing.
    signed = last.id if last is not None and last.body["marks"] is not None else None
    status = panel.state.statuses.get(entry.id, ("present", ""))[0]
    marks, notes, state, at = empty_marks(rubric), Notes(), "empty", ""
    drafted = None
    if draft is not None:
        same = draft.rubric == rubric.shape
        drafted = rubric if same else panel.rubric_shaped(draft.rubric)
    if drafted is not None:
        marks, notes, at = bytes(draft.marks), read_notes(draft.notes), draft.changed
        if drafted is not rubric:
            marks, notes = _carried(rubric, drafted, unpack(drafted, marks), notes)
        # A crash may leave the draft of a sheet that was just signed: it is no correction.
        said = last is not None and _says(last, unpack(rubric, marks), notes)
        state = "final" if said and _fits(panel, rubric, last) else _state(marks, notes)
    elif last is not None and isinstance(last.body["marks"], dict):
        given = {criterion: str(text) for criterion, text in last.body["marks"].items()}
        by = panel.rubric(str(last.body["rubric"])) or rubric
        marks, notes = _carried(rubric, by, given, signed_notes(last))
        state = "final" if _fits(panel, rubric, last) else _state(marks, notes)
        at = last.at
    return SheetView(entry, marks, notes, state, at, signed, abstained, status)


def _fits(panel: Panel, rubric: Rubric, signed: Record | None) -> bool:
    """Return whether a signed sheet was marked on the leaves and scales of a rubric."""
    by = panel.rubric(str(signed.body["rubric"])) if signed is not None else None
    return by is not None and by.shape == rubric.shape


def _carried(
    rubric: Rubric, by: Rubric, given: Mapping[str, str], notes: Notes
) -> tuple[bytes, Notes]:
    """Return the marks of another rubric that fit this one; the others go to the private note."""
    marks, left = empty_marks(rubric), []
    names = {leaf.id: leaf.criterion.name for leaf in by.leaves}
    for criterion, text in given.items():
        try:
            marks = with_mark(rubric, marks, criterion, parse_cell_decimal(text))
        except KippError:
            left.append(f"{names.get(criterion, criterion)}: {text}")
    if left:
        notes = replace(notes, private="\n".join(filter(None, (notes.private, *left))))
    return marks, notes


def _says(signed: Record, marks: Mapping[str, str], notes: Notes) -> bool:
    """Return whether a signed sheet says just this; private notes are never signed."""
    body: dict[str, Any] = signed.body
    return (
        body["marks"] == marks
        and body["comments"] == dict(notes.comments)
        and body["feedback"] == notes.feedback
        and (body["check"] or "") == notes.check
        and (body.get("written_total") or "") == notes.written_total
        and body.get("source", notes.source) == notes.source
    )


def _state(marks: bytes, notes: Notes) -> str:
    if complete(marks):
        return "complete"
    if any(marks[i : i + 2] != b"\xff\xff" for i in range(0, len(marks), 2)) or notes != Notes():
        return "draft"
    return "empty"


def _last_signed(panel: Panel, marker: Marker) -> dict[str, Record]:
    """Return the last signed sheet of this key for this judge, by entry."""
    last = panel.projection.last_sheets(
        marker.author, marker.judge, marker.stage, paper=marker.paper
    )
    return {name: panel.record(marker.author, seq) for name, seq in last}


def _abstained(panel: Panel, marker: Marker) -> tuple[bool, set[str]]:
    out: set[str] = set()
    for item in abstaining.standing(panel, marker):
        if item.entries is None:
            return True, out
        out |= item.entries
    return False, out


def sheet_record(
    marker: Marker, rubric: Rubric, view: SheetView, reason: str
) -> tuple[str, dict[str, Json]]:
    """Return kind and body of the record that signs a complete sheet."""
    body: dict[str, Json] = {
        "check": view.notes.check or None,
        "comments": dict(view.notes.comments),
        "entry": view.entry.id,
        "feedback": view.notes.feedback,
        "marks": {**unpack(rubric, view.marks)},
        "reason": reason.strip() if view.signed else None,
        "rubric": rubric.fingerprint,
        "stage": marker.stage,
        "supersedes": view.signed,
    }
    if not marker.paper:
        return "score-sheet", body
    written = view.notes.written_total or None
    return "paper-sheet", {
        **body,
        "judge": marker.judge,
        "source": view.notes.source,
        "written_total": written,
    }
