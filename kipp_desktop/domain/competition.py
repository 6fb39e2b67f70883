"""One edition of a competition, and the rules by which it is decided.

Everything here is what a secretariat writes once: who organises, on what legal basis, in which
stages it is judged, how judges are combined, how ties are split, what the awards are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import (
    DECIMAL,
    ID,
    MAX_INTEGER,
    Json,
    format_decimal,
    normalise,
)
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

KINDS = ("administrative", "proposal", "presentation", "field", "plenary")
BETWEEN_JUDGES = ("mean", "median", "trimmed-mean", "placing")
MISSING = ("block", "present")
COMBINE = ("gate", "weighted", "confirm", "correct")
ROUNDING = ("print", "stage", "final")
PAPERS = ("A4", "F4")
ROLES = ("judge", "evaluator", "verifier", "chair", "secretary", "moderator", "clerk", "observer")

#: Asks every member of the panel (judges and chair) for approval, not somebody of one role.
MEMBERS = "members"

#: Whose sheets count in a stage of each kind.
MARKING_ROLES = {
    "administrative": ("evaluator",),
    "proposal": ("evaluator", "judge"),
    "presentation": ("judge",),
    "field": ("verifier",),
    "plenary": (),
}

_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_TIE_STEP = re.compile(
    r"(?:criterion:[a-z0-9-]+|stage:[a-z0-9-]+|median|fewest-below:[0-9]+(?:\.[0-9]*[1-9])?"
    r"|plenary|lot)\Z",
    re.ASCII,
)


@dataclass(frozen=True)
class Decree:
    """A decree (SK) on which the panel works; ``on`` is an ISO date or empty."""

    number: str
    on: str = ""
    about: str = ""


@dataclass(frozen=True)
class Signatory:
    """Who signs below the panel. ``nip`` stands only in the desk's database and on paper."""

    title: str
    name: str = ""
    nip: str = ""


@dataclass(frozen=True)
class Competition:
    """What stands on the letterhead and in the opening sentence of the minutes."""

    name: str
    organiser: str
    year: int
    place: str = ""
    theme: str = ""
    panel_name: str = ""
    legal_basis: str = ""
    decrees: tuple[Decree, ...] = ()
    letterhead: tuple[str, ...] = ()
    address: str = ""
    paper: str = "A4"
    continues: str | None = None


@dataclass(frozen=True)
class Group:
    """A group (kelompok) is ranked apart."""

    id: str
    name: str


@dataclass(frozen=True)
class Stage:
    """A stage and how its sheets become a score (the exact meaning: ``domain/scoring``)."""

    id: str
    name: str
    kind: str
    rubric: str | None = None
    between_judges: str = "mean"
    trim_from: int = 4
    missing: str = "block"
    quorum: int = 1
    min_judges: int = 1
    combine: str = "weighted"
    weight: Fraction = Fraction(100)
    advance_per_group: int | None = None
    slot: tuple[tuple[str, int], ...] = ()

    @property
    def counted(self) -> bool:
        """Whether the stage has a score of its own."""
        return self.rubric is not None and self.combine in {"gate", "weighted"}

    @property
    def marking_roles(self) -> tuple[str, ...]:
        """The roles whose holders mark in this stage."""
        return MARKING_ROLES[self.kind]


@dataclass(frozen=True)
class Rounding:
    """Half up to ``digits`` places: when printed, each stage's score too, or the final score."""

    digits: int = 2
    when: str = "print"


@dataclass(frozen=True)
class Award:
    """A tier of a group: the ``size`` best; the smallest tier that holds an entry is its award."""

    group: str
    tier: str
    size: int


@dataclass(frozen=True)
class Rules:
    """All that decides places and awards."""

    stages: tuple[Stage, ...]
    ties: tuple[str, ...] = ()
    rounding: Rounding = field(default_factory=Rounding)
    awards: tuple[Award, ...] = ()
    approvals: tuple[str, ...] = ()

    def stage(self, stage_id: str) -> Stage:
        """Return the stage; :class:`KippError` with code ``no-stage`` where there is none."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise KippError(
            "no-stage",
            Text("There is no stage “{stage}”.", stage=stage_id),
            Text("The stages are: {stages}.", stages=", ".join(s.id for s in self.stages)),
        )

    def counted(self) -> tuple[Stage, ...]:
        """Return the stages with a score of their own, in order."""
        return tuple(stage for stage in self.stages if stage.counted)


def slug(name: str) -> str:
    """Return an id made of a name: small letters and digits, hyphens between."""
    found = re.sub(r"[^a-z0-9]+", "-", normalise(name).casefold()).strip("-")
    return found or "x"


def name_key(name: str) -> str:
    """Return what two spellings of one name share: letters and digits, case folded."""
    if name.isascii():  # nearly every name, and a third of the time
        return name.lower().encode().translate(None, _ASCII_MARKS).decode()
    return _NO_LETTER_OR_DIGIT.sub("", name.casefold())


# -- reading and writing -------------------------------------------------------------------------


def competition_json(value: Competition) -> dict[str, Json]:
    """Return what of the competition is signed (no names, no NIP)."""
    return {
        "address": value.address,
        "continues": value.continues,
        "decrees": [{"about": d.about, "date": d.on, "number": d.number} for d in value.decrees],
        "legal_basis": value.legal_basis,
        "letterhead": list(value.letterhead),
        "name": value.name,
        "organiser": value.organiser,
        "panel_name": value.panel_name,
        "paper": value.paper,
        "place": value.place,
        "theme": value.theme,
        "year": value.year,
    }


def read_competition(table: Mapping[str, Any]) -> Competition:
    """Return the competition of a TOML file or of the setup.

    Raises :class:`KippError` with code ``bad-competition``.
    """
    year = table.get("year")
    if type(year) is not int or not 1900 <= year <= 2999:
        raise bad(Text("“year” must be a year such as 2021"))
    letterhead = table.get("letterhead", [])
    lines, address = letterhead, table.get("address", "")
    if isinstance(letterhead, dict):
        lines, address = letterhead.get("lines", []), letterhead.get("address", "")
    decrees = table.get("decrees", [])
    if not isinstance(decrees, list) or not all(isinstance(item, dict) for item in decrees):
        raise bad(Text("“decrees” must be a list of tables"))
    continues = table.get("continues")
    return Competition(
        name=required(table, "name"),
        organiser=required(table, "organiser"),
        year=year,
        place=text(table, "place"),
        theme=text(table, "theme"),
        panel_name=text({"panel_name": "Tim Panel Independen", **table}, "panel_name"),
        legal_basis=text(table, "legal_basis"),
        decrees=tuple(
            Decree(text(item, "number"), iso_date(item.get("date", "")), text(item, "about"))
            for item in decrees
        ),
        letterhead=texts(lines, "letterhead"),
        address=normalise(str(address)),
        paper=choice(table.get("paper", "A4"), PAPERS, "paper"),
        continues=continues if isinstance(continues, str) else None,
    )


def rules_json(rules: Rules) -> dict[str, Json]:
    """Return the rules as they stand in the setup and in a results record."""
    return {
        "approvals": list(rules.approvals),
        "awards": [{"group": a.group, "size": a.size, "tier": a.tier} for a in rules.awards],
        "rounding": {"digits": rules.rounding.digits, "when": rules.rounding.when},
        "stages": [_stage_json(stage) for stage in rules.stages],
        "ties": list(rules.ties),
    }


def _stage_json(stage: Stage) -> dict[str, Json]:
    return {
        "advance": (
            None if stage.advance_per_group is None else {"per_group": stage.advance_per_group}
        ),
        "between_judges": stage.between_judges,
        "combine": stage.combine,
        "id": stage.id,
        "kind": stage.kind,
        "min_judges": stage.min_judges,
        "missing": stage.missing,
        "name": stage.name,
        "quorum": stage.quorum,
        "rubric": stage.rubric,
        "slot": [{"minutes": minutes, "part": part} for part, minutes in stage.slot],
        "trim_from": stage.trim_from,
        "weight": format_decimal(stage.weight),
    }


def read_rules(table: Mapping[str, Any]) -> Rules:
    """Return the rules of a TOML file (``stage``, ``award``) or of the setup (``stages`` …).

    Raises :class:`KippError` with code ``bad-competition`` naming the first mistake.
    """
    stages = tuple(_stage(item) for item in tables(table.get("stages", table.get("stage", []))))
    if not stages:
        raise bad(Text("it has no stage"))
    if len({stage.id for stage in stages}) != len(stages):
        raise bad(Text("two stages have the same id"))
    check_runs(stages)
    rounding = table.get("rounding", {})
    if not isinstance(rounding, dict):
        raise bad(Text("“rounding” must be a table"))
    known(rounding, {"digits", "when"}, Text("“rounding”"))
    ties = texts(table.get("ties", []), "ties")
    for step in ties:
        if not _TIE_STEP.match(step):
            raise bad(Text("“{step}” is not a step that splits ties", step=step))
    approvals = texts(table.get("approvals", []), "approvals")
    for role in approvals:
        choice(role, (*ROLES, MEMBERS), "approvals")
    return Rules(
        stages=stages,
        ties=ties,
        rounding=Rounding(
            count(rounding.get("digits", 2), "digits", 0, 9),
            choice(rounding.get("when", "print"), ROUNDING, "when"),
        ),
        awards=tuple(_award(item) for item in tables(table.get("awards", table.get("award", [])))),
        approvals=approvals,
    )


def check_runs(stages: Sequence[Stage]) -> None:
    """Check the stages that are averaged with one another: a gate and those up to the next.

    Raises :class:`KippError` with code ``bad-competition``.
    """
    runs: list[list[Stage]] = []
    for stage in stages:
        if stage.counted and runs and stage.combine != "gate":
            runs[-1].append(stage)
        elif stage.counted:
            runs.append([stage])
    for run in runs:
        if len(run) > 1 and run[0].between_judges == "placing":
            raise bad(
                Text("“placing” cannot be combined with “weighted” in stage {id}", id=run[1].id)
            )
        if len(run) > 1 and not any(stage.weight for stage in run):
            raise bad(Text("the weights of all stages up to {id} are 0", id=run[-1].id))


_STAGE_KEYS = frozenset(
    "advance between_judges combine id kind min_judges missing name quorum rubric slot trim_from "
    "weight".split()
)


def _stage(table: Mapping[str, Any]) -> Stage:
    stage_id = table.get("id")
    if not isinstance(stage_id, str) or not ID.match(stage_id):
        raise bad(Text("a stage has no id of small letters, digits and hyphens"))
    known(table, _STAGE_KEYS, Text("stage {id}", id=stage_id))
    advance = table.get("advance")
    if advance is not None and not (isinstance(advance, dict) and set(advance) == {"per_group"}):
        raise bad(Text("“advance” of stage {id} must be written {{per_group = 10}}", id=stage_id))
    between = choice(table.get("between_judges", "mean"), BETWEEN_JUDGES, "between_judges")
    combine = choice(table.get("combine", "weighted"), COMBINE, "combine")
    if between == "placing" and combine == "weighted" and table.get("rubric"):
        raise bad(Text("“placing” cannot be combined with “weighted” in stage {id}", id=stage_id))
    slot = tables(table.get("slot") or [])
    rubric = table.get("rubric")
    if rubric is not None and not isinstance(rubric, str):
        raise bad(Text("the rubric of stage {id} is not a name", id=stage_id))
    return Stage(
        id=stage_id,
        name=text(table, "name") or stage_id.replace("-", " ").capitalize(),
        kind=choice(table.get("kind", "presentation"), KINDS, "kind"),
        rubric=rubric,
        between_judges=between,
        trim_from=count(table.get("trim_from", 4), "trim_from", 3, 1000),
        missing=choice(table.get("missing", "block"), MISSING, "missing"),
        quorum=count(table.get("quorum", 1), "quorum", 1, 1000),
        min_judges=count(table.get("min_judges", 1), "min_judges", 1, 1000),
        combine=combine,
        weight=_weight(table.get("weight", "100"), stage_id),
        advance_per_group=(
            count(advance.get("per_group"), "per_group", 1, 100_000)
            if isinstance(advance, dict)
            else None
        ),
        slot=tuple(
            (text(part, "part"), count(part.get("minutes"), "minutes", 0, 1440)) for part in slot
        ),
    )


def _weight(value: object, stage_id: str) -> Fraction:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER:
        return Fraction(value)
    if isinstance(value, str) and len(value) <= 40 and DECIMAL.match(value):
        weight = Fraction(value)
        if weight >= 0:
            return weight
    raise bad(Text("the weight of stage {id} must be a number in quotes, 0 or more", id=stage_id))


def _award(table: Mapping[str, Any]) -> Award:
    known(table, {"group", "size", "tier"}, Text("an award"))
    return Award(
        group=slug(required(table, "group")),
        tier=required(table, "tier"),
        size=count(table.get("size"), "size", 1, 100_000),
    )


def iso_date(value: object) -> str:
    """Return a day as ISO text, empty for none; :class:`KippError` ``bad-competition``."""
    found = value.isoformat() if isinstance(value, date) else str(value)
    if found:
        try:
            date.fromisoformat(found)
        except ValueError as error:
            raise bad(Text("“{value}” is not a date such as 2021-03-16", value=found)) from error
    return found


def bad(problem: Text) -> KippError:
    """Return the error that says what is wrong in a competition's description."""
    return KippError(
        "bad-competition",
        Text("The competition's description cannot be used: {problem}.", problem=problem),
        Text("Correct it and try again; nothing was stored."),
    )


def known(table: Mapping[str, Any], keys: Collection[str], where: Text) -> None:
    """Refuse a key that nobody reads: it is misspelt, and its default would count silently."""
    for key in table:
        if key not in keys:
            raise bad(Text("{where} has an unknown key “{key}”", where=where, key=str(key)[:40]))


def required(table: Mapping[str, Any], key: str) -> str:
    """Return a text that must be there."""
    found = text(table, key)
    if not found:
        raise bad(Text("“{key}” is missing", key=key))
    return found


def text(table: Mapping[str, Any], key: str) -> str:
    """Return a text, empty where it is missing."""
    value = table.get(key, "")
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str):
        raise bad(Text("“{key}” must be a text", key=key))
    return normalise(value)


def texts(value: object, key: str) -> tuple[str, ...]:
    """Return a list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise bad(Text("“{key}” must be a list of texts", key=key))
    return tuple(normalise(item) for item in value)


def tables(value: object) -> list[Mapping[str, Any]]:
    """Return a list of tables."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise bad(Text("a list of tables is something else"))
    return value


def choice(value: object, choices: tuple[str, ...], key: str) -> str:
    """Return one of the allowed words."""
    if value not in choices:
        raise bad(Text("“{key}” must be one of: {choices}", key=key, choices=", ".join(choices)))
    return str(value)


def count(value: object, key: str, low: int, high: int) -> int:
    """Return a whole number within bounds."""
    if type(value) is not int or not low <= value <= high:
        raise bad(
            Text("“{key}” must be a whole number from {low} to {high}", key=key, low=low, high=high)
        )
    return value
