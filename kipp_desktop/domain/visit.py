"""A visit in the field: what was claimed, what is there, and what follows from it.

A visit is a draft until its verifier signs it; then it is the body of an ``observation``
(``docs/formats/records.md``). Names of people met never stand in the record: they go into a salted
blob of their own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kipp_desktop.domain.canonical import Json, encode, normalise
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

STATUSES: Final = ("as-claimed", "partly", "not-as-claimed", "unverifiable")
MODES: Final = ("visit", "video")
EFFECTS: Final = ("confirm", "correct", "disqualify")

STATUS_TEXTS: Final = {
    "": Text("not looked at yet"),
    "as-claimed": Text("as claimed"),
    "partly": Text("partly as claimed"),
    "not-as-claimed": Text("not as claimed"),
    "unverifiable": Text("cannot be verified"),
}
MODE_TEXTS: Final = {"visit": Text("Visit"), "video": Text("Video")}
EFFECT_TEXTS: Final = {
    "": Text("no conclusion yet"),
    "confirm": Text("Confirms"),
    "correct": Text("Proposes a correction"),
    "disqualify": Text("Recommends disqualification"),
}


#: No names at hand: criteria are called by their ids.
_NO_NAMES: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class Evidence:
    """What supports a finding: ``photo``, ``document``, ``interview`` or ``seen``.

    ``original`` and ``copy`` are SHA-256; ``private`` keeps it out of printed and public files.
    ``name`` (of the file), ``taken`` (local time by the camera, ISO, or empty) and ``position``
    (degrees north and east) stand in the draft only.
    """

    kind: str
    caption: str = ""
    original: str | None = None
    copy: str | None = None
    private: bool = False
    name: str = ""
    taken: str = ""
    position: tuple[float, float] | None = None


@dataclass(frozen=True)
class Finding:
    """A claim, the criterion it is tied to, and what was found; ``status`` is empty before."""

    id: str
    claim: str
    criterion: str | None = None
    status: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Met:
    """Somebody who was met: by role, whether they agreed to be cited, and a private name."""

    role: str
    consent: bool = False
    name: str = ""


@dataclass(frozen=True)
class Conclusion:
    """What follows: ``effect`` of :data:`EFFECTS` or empty; criterion and mark of a correction."""

    effect: str = ""
    criterion: str | None = None
    mark: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Visit:
    """One verifier's visit to one entry. ``started`` and ``ended`` are RFC 3339 or empty."""

    started: str = ""
    ended: str = ""
    place: str = ""
    mode: str = "visit"
    met: tuple[Met, ...] = ()
    findings: tuple[Finding, ...] = ()
    conclusion: Conclusion = field(default_factory=Conclusion)

    @property
    def evidence(self) -> Iterator[tuple[Finding, Evidence]]:
        """All evidence in the order of the claims."""
        return ((finding, one) for finding in self.findings for one in finding.evidence)


# -- draft and record ------------------------------------------------------------------------------


def visit_text(visit: Visit) -> str:
    """Return a visit as its draft keeps it."""
    return json.dumps(
        {
            "conclusion": vars(visit.conclusion),
            "ended": visit.ended,
            "findings": [
                {**vars(one), "evidence": [vars(item) for item in one.evidence]}
                for one in visit.findings
            ],
            "met": [vars(one) for one in visit.met],
            "mode": visit.mode,
            "place": visit.place,
            "started": visit.started,
        },
        ensure_ascii=False,
    )


def read_visit(text: str) -> Visit:
    """Return the visit of a draft."""
    value = json.loads(text)
    return Visit(
        value["started"],
        value["ended"],
        value["place"],
        value["mode"],
        tuple(Met(**one) for one in value["met"]),
        _findings(value["findings"]),
        Conclusion(**value["conclusion"]),
    )


def _findings(claims: Iterable[dict[str, Any]]) -> tuple[Finding, ...]:
    """Return the findings of a draft or of a record, which has less of each photo."""
    return tuple(
        Finding(
            **{
                **one,
                "evidence": tuple(
                    Evidence(**{**item, "position": _pair(item.get("position"))})
                    for item in one["evidence"]
                ),
            }
        )
        for one in claims
    )


def _pair(value: list[float] | None) -> tuple[float, float] | None:
    return None if value is None else (value[0], value[1])


def normalised(visit: Visit) -> Visit:
    """Return a visit whose texts are as records can carry them."""
    return replace(
        visit,
        place=normalise(visit.place),
        met=tuple(
            replace(one, role=normalise(one.role), name=normalise(one.name)) for one in visit.met
        ),
        findings=tuple(
            replace(
                one,
                claim=normalise(one.claim),
                note=normalise(one.note),
                evidence=tuple(
                    replace(item, caption=normalise(item.caption)) for item in one.evidence
                ),
            )
            for one in visit.findings
        ),
        conclusion=replace(visit.conclusion, reason=normalise(visit.conclusion.reason)),
    )


def observation_body(  # noqa: PLR0917 - the fields of the record
    visit: Visit,
    entry: str,
    stage: str,
    people: str | None,
    rubric: str | None,
    marks: dict[str, str] | None,
    supersedes: str | None,
    reason: str,
) -> dict[str, Json]:
    """Return the body of the record that signs a visit without gaps."""
    corrects = visit.conclusion.effect == "correct"
    return {
        "claims": [
            {
                "claim": one.claim,
                "criterion": one.criterion,
                "evidence": [
                    {
                        "caption": item.caption,
                        "copy": item.copy,
                        "kind": item.kind,
                        "original": item.original,
                        "private": item.private,
                    }
                    for item in one.evidence
                ],
                "id": one.id,
                "note": one.note,
                "status": one.status,
            }
            for one in visit.findings
        ],
        "conclusion": {
            "criterion": visit.conclusion.criterion if corrects else None,
            "effect": visit.conclusion.effect,
            "mark": visit.conclusion.mark if corrects else None,
            "reason": visit.conclusion.reason,
        },
        "ended": visit.ended,
        "entry": entry,
        "marks": None if marks is None else {**marks},
        "met": [{"consent": one.consent, "role": one.role} for one in visit.met],
        "mode": visit.mode,
        "people": people,
        "place": visit.place,
        "reason": reason.strip() if supersedes else None,
        "rubric": rubric,
        "stage": stage,
        "started": visit.started,
        "supersedes": supersedes,
    }


def visit_of(body: dict[str, Any], people: bytes | None = None) -> Visit:
    """Return what a signed observation says, with the names where their blob is at hand."""
    names = _names(people, len(body["met"]))
    return Visit(
        body["started"],
        body["ended"],
        body["place"],
        body["mode"],
        tuple(
            Met(one["role"], one["consent"], name)
            for one, name in zip(body["met"], names, strict=True)
        ),
        _findings(body["claims"]),
        Conclusion(
            body["conclusion"]["effect"],
            body["conclusion"]["criterion"],
            body["conclusion"]["mark"] or "",
            body["conclusion"]["reason"],
        ),
    )


def people_blob(met: Iterable[Met], salt: str) -> bytes | None:
    """Return the private blob with the names of people met; ``None`` where none was written."""
    names = [one.name for one in met]
    return encode({"names": [*names], "salt": salt}) if any(names) else None


def _names(blob: bytes | None, count: int) -> list[str]:
    """Return the names in a blob, empty ones where it is not of this visit."""
    try:
        names = json.loads(blob or b"")["names"]
    except (ValueError, TypeError, LookupError, RecursionError):
        names = None
    fits = isinstance(names, list) and len(names) == count
    return [str(name) for name in names] if fits else [""] * count


def says(body: dict[str, Any], visit: Visit) -> bool:
    """Return whether a signed observation says just this, but for marks and names."""
    same = observation_body(
        visit, body["entry"], body["stage"], None, None, None, body["supersedes"], ""
    )
    apart = {"marks", "people", "reason", "rubric"}
    return all(body[key] == value for key, value in same.items() if key not in apart)


# -- what a visit lacks, and what it contradicts ---------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """Something without which a visit cannot be signed: where it is missing, and in words.

    ``where`` is a field of the visit, or the id of a claim.
    """

    where: str
    text: Text


def gaps(
    visit: Visit, scale_says: Callable[[str, str], Text | None], *, marks_complete: bool = True
) -> list[Gap]:
    """Return what a visit still lacks.

    ``scale_says`` returns why a criterion cannot have a proposed mark, ``None`` where it can.
    """
    found = []
    if not visit.started:
        found.append(Gap("started", Text("When the visit began is missing.")))
    if not visit.ended:
        found.append(Gap("ended", Text("When the visit ended is missing.")))
    if visit.started and visit.ended and _moment(visit.ended) < _moment(visit.started):
        found.append(Gap("ended", Text("The visit ends before it begins.")))
    if not visit.place.strip():
        found.append(Gap("place", Text("The place is missing.")))
    if not visit.findings:
        found.append(Gap("claims", Text("No claim was checked.")))
    for number, one in enumerate(visit.findings, start=1):
        if not one.claim.strip():
            found.append(Gap(one.id, Text("Claim {number} says nothing.", number=number)))
        elif not one.status:
            found.append(Gap(one.id, Text("Claim {number} has no finding yet.", number=number)))
    if any(not person.role.strip() for person in visit.met):
        found.append(Gap("met", Text("Somebody who was met has no role.")))
    if not marks_complete:
        found.append(Gap("marks", Text("Some criteria have no mark yet.")))
    return found + _conclusion_gaps(visit.conclusion, scale_says)


def _conclusion_gaps(
    conclusion: Conclusion, scale_says: Callable[[str, str], Text | None]
) -> list[Gap]:
    if not conclusion.effect:
        return [Gap("conclusion", Text("The conclusion is missing."))]
    found = []
    if conclusion.effect == "correct":
        wrong = scale_says(conclusion.criterion or "", conclusion.mark)
        if wrong is not None:
            found.append(Gap("conclusion", wrong))
    if not conclusion.reason.strip():
        found.append(Gap("reason", Text("The conclusion needs its reason.")))
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def contradiction(visit: Visit) -> Text | None:
    """Return the question to ask where the conclusion does not follow from the claims."""
    statuses = [one.status for one in visit.findings]
    conclusion = visit.conclusion
    against = statuses.count("not-as-claimed")
    if conclusion.effect == "confirm" and against:
        return Text(
            "{count} claims are not as claimed, and still the conclusion confirms. Is that meant?",
            count=against,
        )
    if conclusion.effect == "confirm" and statuses and set(statuses) == {"unverifiable"}:
        return Text("No claim could be verified, and still the conclusion confirms. Is that meant?")
    if conclusion.effect == "disqualify" and set(statuses) <= {"as-claimed"}:
        return Text(
            "Every claim is as claimed, and still disqualification is recommended. Is that meant?"
        )
    if conclusion.effect == "correct":
        tied = {one.status for one in visit.findings if one.criterion == conclusion.criterion}
        if tied <= {"as-claimed"}:
            return Text(
                "No claim tied to this criterion differs from what was found, and still its mark "
                "is to be corrected. Is that meant?"
            )
    return None


def differences(one: Visit, other: Visit, names: Mapping[str, str] = _NO_NAMES) -> list[Text]:
    """Return where two verifiers of one entry differ: findings by claim, then the conclusion."""
    theirs = {finding.claim: finding for finding in other.findings}
    found = []
    for finding in one.findings:
        twin = theirs.get(finding.claim)
        if twin is not None and twin.status != finding.status:
            found.append(
                Text(
                    "“{claim}”: {one} / {other}",
                    claim=finding.claim,
                    one=STATUS_TEXTS[finding.status],
                    other=STATUS_TEXTS[twin.status],
                )
            )
    mine, its = one.conclusion, other.conclusion
    if (mine.effect, mine.criterion, mine.mark) != (its.effect, its.criterion, its.mark):
        found.append(
            Text(
                "Conclusion: {one} / {other}",
                one=conclusion_text(mine, names),
                other=conclusion_text(its, names),
            )
        )
    return found


def conclusion_text(conclusion: Conclusion, names: Mapping[str, str] = _NO_NAMES) -> Text:
    """Return a conclusion in a few words, without its reason; ``names`` are of criteria by id."""
    if conclusion.effect == "correct":
        return Text(
            "Proposes for {criterion}: {mark}",
            criterion=names.get(conclusion.criterion or "", conclusion.criterion or ""),
            mark=conclusion.mark,
        )
    return EFFECT_TEXTS[conclusion.effect]
