"""The audit trail: every signed record in words that a person reads, and the line as signed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from kipp_desktop.domain.agenda_blob import read_agenda
from kipp_desktop.domain.canonical import Json
from kipp_desktop.domain.plan_changes import plan_changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.words import words_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel

#: What each kind of record is called.
KINDS: Final = {
    "enrolment": Text("Key"),
    "plan": Text("Plan"),
    "admission": Text("Admission of a key"),
    "revocation": Text("Revocation of a key"),
    "receipt": Text("Receipt"),
    "score-sheet": Text("Score sheet"),
    "paper-sheet": Text("Sheet typed from paper"),
    "paper-check": Text("Initialled sheet"),
    "panel-mark": Text("Mark of the panel"),
    "abstention": Text("Abstention"),
    "entry-status": Text("Status of an entry"),
    "observation": Text("Observation in the field"),
    "closing": Text("Closing of a stage"),
    "acceptance": Text("Acceptance of a record"),
    "decision": Text("Decision"),
    "results": Text("Results"),
    "publication": Text("Publication"),
    "approval": Text("Approval"),
    "agenda": Text("Agenda"),
}
_STATUSES: Final = {
    "present": Text("present"),
    "absent": Text("absent"),
    "withdrawn": Text("withdrawn"),
    "disqualified": Text("disqualified"),
}
_WHY: Final = {
    "conflict": Text("conflict of interest"),
    "absent": Text("absent"),
    None: Text("no longer abstaining"),
}


@dataclass(frozen=True)
class Names:
    """How ids are called in a plan; an id that nobody knows is shown itself.

    ``lots`` are the (stage, seed) of the lots in each agenda, by the agenda's SHA-256.
    """

    entries: dict[str, str]
    persons: dict[str, str]
    stages: dict[str, str]
    groups: dict[str, str]
    lots: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, setup: Setup) -> Names:
        """Return the names that a plan gives."""
        return cls(
            {entry.id: entry.number for entry in setup.entries},
            {person.id: setup.name_of(person.id) for person in setup.persons},
            {stage.id: stage.name for stage in setup.rules.stages},
            {group.id: group.name for group in setup.groups},
        )

    def entry(self, value: Any) -> str:
        """Return an entry's number."""
        return self.entries.get(value, str(value))

    def numbers(self, values: Any) -> str:
        """Return entries' numbers in the order given."""
        return ", ".join(self.entry(value) for value in values)

    def person(self, value: Any) -> str:
        """Return a person's name."""
        return self.persons.get(value, str(value))

    def stage(self, value: Any) -> str:
        """Return a stage's name."""
        return self.stages.get(value, str(value))


NO_NAMES: Final = Names({}, {}, {}, {})


def sentence(kind: str, body: dict[str, Json], names: Names = NO_NAMES) -> Text:
    """Return what a record says, for every kind of :data:`kipp_desktop.domain.records.FIELDS`."""
    return _SENTENCES[kind](body, names)


def _enrolment(body: Any, names: Names) -> Text:
    if body["passphrase"]:
        return Text(
            "{person} made a key on a laptop, protected by a passphrase.",
            person=names.person(body["person"]),
        )
    return Text(
        "{person} made a key on a laptop, without a passphrase: anybody at that laptop could sign.",
        person=names.person(body["person"]),
    )


def _plan(body: Any, _names: Names) -> Text:
    if body["revision"] == 1:
        return Text("The plan was published.")
    return Text("The plan was published again, as revision {number}.", number=body["revision"])


def _admission(body: Any, names: Names) -> Text:
    person, words = names.person(body["person"]), words_of(body["key"])
    if body["compared"] == "words":
        return Text(
            "The laptop of {person} was compared by its words ({words}) and admitted.",
            person=person,
            words=words,
        )
    return Text(
        "The laptop of {person} ({words}) was admitted without comparing words.",
        person=person,
        words=words,
    )


def _revocation(body: Any, _names: Names) -> Text:
    return Text(
        "The key with the words “{words}” was revoked: {reason}",
        words=words_of(body["key"]),
        reason=body["reason"],
    )


def _receipt(body: Any, _names: Names) -> Text:
    return Text("Received up to here: the ledgers of {count} keys.", count=len(body["heads"]))


def _sheet(body: Any, names: Names) -> Text:
    entry, stage = names.entry(body["entry"]), names.stage(body["stage"])
    if body["marks"] is None:
        return Text(
            "The sheet of entry {number} in {stage} was withdrawn: {reason}",
            number=entry,
            stage=stage,
            reason=body["reason"] or "–",
        )
    # Most marks are whole; only the others need the decimal sign of a language.
    marks = tuple(Fraction(mark) if "." in mark else mark for mark in body["marks"].values())
    if body["supersedes"]:
        return Text(
            "The sheet of entry {number} in {stage} was corrected ({marks}): {reason}",
            number=entry,
            stage=stage,
            marks=marks,
            reason=body["reason"] or "–",
        )
    return Text(
        "Entry {number} was marked in {stage}: {marks}.", number=entry, stage=stage, marks=marks
    )


def _paper_sheet(body: Any, names: Names) -> Text:
    judge, said = names.person(body["judge"]), _sheet(body, names)
    if body["source"] == "form":
        return Text("From the table of {judge}: {what}", judge=judge, what=said)
    return Text("From the paper of {judge}: {what}", judge=judge, what=said)


def _paper_check(body: Any, names: Names) -> Text:
    return Text(
        "{judge} initialled a typed sheet that was printed back (record {record}).",
        judge=names.person(body["judge"]),
        record=body["sheet"][:12],
    )


def _panel_mark(body: Any, names: Names) -> Text:
    values = {
        "criterion": body["criterion"],
        "number": names.entry(body["entry"]),
        "stage": names.stage(body["stage"]),
    }
    if body["mark"] is None:
        return Text(
            "The panel's mark for {criterion} of entry {number} in {stage} was taken back.",
            **values,
        )
    return Text(
        "The panel gave entry {number} in {stage} the mark {mark} for {criterion}.",
        mark=Fraction(body["mark"]),
        **values,
    )


def _abstention(body: Any, names: Names) -> Text:
    values = {
        "judge": names.person(body["judge"]),
        "stage": names.stage(body["stage"]),
        "why": _WHY[body["why"]],
        "reason": body["reason"],
    }
    if body["entries"] is None:
        return Text("{judge} marks nothing in {stage} ({why}): {reason}", **values)
    return Text(
        "{judge} does not mark the entries {numbers} in {stage} ({why}): {reason}",
        numbers=names.numbers(body["entries"]),
        **values,
    )


def _entry_status(body: Any, names: Names) -> Text:
    return Text(
        "Entry {number} is {status}: {reason}",
        number=names.entry(body["entry"]),
        status=_STATUSES[body["status"]],
        reason=body["reason"] or "–",
    )


def _observation(body: Any, names: Names) -> Text:
    return Text(
        "Entry {number} was looked at in the field ({place}), {count} claims checked: {reason}",
        number=names.entry(body["entry"]),
        place=body["place"],
        count=len(body["claims"]),
        reason=body["conclusion"]["reason"] or "–",
    )


def _closing(body: Any, names: Names) -> Text:
    return Text("The stage {stage} was closed.", stage=names.stage(body["stage"]))


def _acceptance(body: Any, names: Names) -> Text:
    values = {
        "record": body["record"][:12],
        "stage": names.stage(body["stage"]),
        "reason": body["reason"],
    }
    if body["counts"]:
        return Text("The record {record} counts after all in {stage}: {reason}", **values)
    return Text("The record {record} does not count in {stage}: {reason}", **values)


def _decision(body: Any, names: Names) -> Text:
    values: dict[str, object] = {
        "numbers": names.numbers(body["entries"]),
        "reason": body["reason"],
    }
    match body["about"]:
        case "tie" if body["method"] == "lot":
            return Text("A lot put the entries in this order: {numbers}. {reason}", **values)
        case "tie":
            return Text("The plenary put the entries in this order: {numbers}. {reason}", **values)
        case "award":
            return Text(
                "The panel gives {tier} to the entries {numbers}: {reason}",
                tier=body["tier"] or "–",
                **values,
            )
        case "advance":
            return Text("The entries {numbers} go on to the next stage: {reason}", **values)
        case "deviate":
            return Text(
                "The panel departs from the computed order, entries {numbers}: {reason}", **values
            )
        case "disqualify":
            return Text("The panel disqualifies the entries {numbers}: {reason}", **values)
        case "correct":
            return Text(
                "The panel decided about a correction from the field, entries {numbers}: {reason}",
                **values,
            )
        case "reopen":
            return Text(
                "The stage {stage} was opened again: {reason}",
                stage=names.stage(body["stage"]),
                reason=body["reason"],
            )
        case "fork":
            return Text("The panel decided which of two versions stands: {reason}", **_only(values))
        case "sheet":
            return Text("The panel decided whether a sheet counts: {reason}", **_only(values))
        case _:
            return Text("The panel decided about the line of an award: {reason}", **_only(values))


def _only(values: dict[str, object]) -> dict[str, object]:
    return {"reason": values["reason"]}


def _results(body: Any, _names: Names) -> Text:
    count = sum(len(group["entries"]) for group in body["places"])
    if body["supersedes"]:
        return Text("New results were signed, for {count} entries.", count=count)
    return Text("The results were signed, for {count} entries.", count=count)


def _publication(body: Any, _names: Names) -> Text:
    files = ", ".join(item["name"] for item in body["documents"])
    if body["final"]:
        return Text("The results were published: {files}.", files=files)
    return Text("The results were published as a draft: {files}.", files=files)


def _approval(body: Any, names: Names) -> Text:
    values = {"person": names.person(body["person"]), "record": body["record"][:12]}
    if body["dissent"] is not None:
        return Text(
            "{person} has seen the record {record} and disagrees: {reason}",
            reason=body["dissent"],
            **values,
        )
    return Text("{person} has seen the record {record} and agrees.", **values)


def _agenda(body: Any, names: Names) -> Text:
    lots = names.lots.get(body["agenda"])
    if not lots:
        return Text("The agenda was kept.")
    return Text(
        "The agenda was kept, with these lots: {lots}.",
        lots=[
            Text("{stage}, seed {seed}", stage=names.stage(stage), seed=seed)
            for stage, seed in lots
        ],
    )


_SENTENCES: Final[dict[str, Callable[[Any, Names], Text]]] = {
    "enrolment": _enrolment,
    "plan": _plan,
    "admission": _admission,
    "revocation": _revocation,
    "receipt": _receipt,
    "score-sheet": _sheet,
    "paper-sheet": _paper_sheet,
    "paper-check": _paper_check,
    "panel-mark": _panel_mark,
    "abstention": _abstention,
    "entry-status": _entry_status,
    "observation": _observation,
    "closing": _closing,
    "acceptance": _acceptance,
    "decision": _decision,
    "results": _results,
    "publication": _publication,
    "approval": _approval,
    "agenda": _agenda,
}


# -- the trail of a competition --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrailLine:
    """A record in the trail: when (as that laptop's clock said), who, what kind, what it says."""

    id: str
    at: str
    who: str
    kind: str
    said: Text
    author: str
    seq: int


def trail(panel: Panel, first: int = 0, count: int | None = None) -> list[TrailLine]:
    """Return records, newest first: ``count`` of them from number ``first`` on.

    Records of one second are in the order of their ledgers. Lines are read from the ledgers'
    files, each file once; without a plan ids are shown as they are.
    """
    rows = panel.projection.all_records()[first : None if count is None else first + count]
    names = _names(panel)
    owners = {row.author: row.person for row in panel.projection.ledgers()}
    data: dict[str, bytes] = {}
    found = []
    for row in rows:
        if row.author not in data:
            held = panel.ledgers.read(row.author)
            data[row.author] = held[0] if held else b""
        line = data[row.author][row.start : row.start + row.length - 1]
        body = json.loads(line)["body"]
        found.append(
            TrailLine(
                row.id,
                row.at,
                names.person(owners[row.author]),
                row.kind,
                _plan_said(panel, row.id, body)
                if row.kind == "plan" and body["revision"] > 1
                else sentence(row.kind, body, names),
                row.author,
                row.seq,
            )
        )
    return found


def _plan_said(panel: Panel, identity: str, body: Any) -> Text:
    """Return what a further plan changed of the one before it, old and new."""
    plans = panel.state.plans
    at = next((number for number, plan in enumerate(plans) if plan.id == identity), 0)
    try:
        old, new = (panel.setup_of(plan.setup, plan.people) for plan in plans[at - 1 : at + 1])
    except (KippError, ValueError):  # its blobs are not here, or a fork hides it
        return sentence("plan", body)
    return Text(
        "The plan was published again, as revision {number}. {changes}",
        number=body["revision"],
        changes=tuple(plan_changes(old, new)) or Text("Nothing that people see changed."),
    )


def signed_line(panel: Panel, author: str, seq: int) -> str:
    """Return a record's line exactly as it was signed; ``LookupError`` where it is not held."""
    row = panel.projection.record(author, seq)
    return panel.ledgers.line(author, row.start, row.length - 1).decode()


def _names(panel: Panel) -> Names:
    try:
        return replace(Names.of(panel.naming), lots=_lots(panel))
    except KippError:
        # Before the first plan the desk knows whom the next one will name.
        return replace(NO_NAMES, persons={row.id: row.name for row in panel.workbench.people()})


def _lots(panel: Panel) -> dict[str, list[tuple[str, str]]]:
    found = {}
    for record in panel.records(panel.desk, "agenda"):
        sha256 = str(record.body["agenda"])
        data = panel.blobs.get(sha256)
        if data is not None:
            found[sha256] = [(draw.stage, draw.seed) for draw in read_agenda(data).draws]
    return found


def kinds_in(lines: list[TrailLine]) -> Iterator[str]:
    """Yield the kinds that occur, in the order of :data:`KINDS`."""
    there = {line.kind for line in lines}
    return (kind for kind in KINDS if kind in there)
