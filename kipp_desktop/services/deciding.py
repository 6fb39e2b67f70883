"""What the panel decides, recorded under the desk's key with its reason and votes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.domain.advancing import field_of
from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.lots import draw
from kipp_desktop.domain.sheet import leaf_index
from kipp_desktop.errors import KippError
from kipp_desktop.services.desk import Votes, decision_body, desk_identity, reason_needed
from kipp_desktop.services.naming import entry_of, person_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.domain.rubric import Leaf
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Body, Panel


def decide_tie(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    numbers: Sequence[str],
    method: str,
    reason: str,
    votes: Votes | None = None,
) -> Changes:
    """Record how the plenary put a tied set in order, or draw the lot and record it.

    ``method`` is ``plenary`` (``numbers`` in the decided order) or ``lot`` (any order; the seed is
    drawn and recorded, and the order follows from it).
    """
    if not reason.strip():
        raise reason_needed()
    entries = [entry_of(panel, number) for number in numbers]
    if len(set(entries)) != len(entries) or len(entries) < 2:
        raise KippError(
            "bad-tie",
            Text("A tie is between two entries or more, each named once."),
            Text("Name the numbers of the entries that share the place."),
        )
    seed = None
    if method == "lot":
        seed = home.context.randomness(16).hex()
        entries = draw(entries, seed)
    body = decision_body(
        "tie",
        entries=[*entries],
        method=method,
        reason=reason,
        seed=seed,
        votes=votes.as_json() if votes else None,
    )
    panel.sign(desk_identity(home, panel), home.context.at(), [("decision", body)])
    return Changes.of("decisions", entries=entries)


def decide_award(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    group: str,
    tier: str,
    numbers: Sequence[str],
    reason: str,
    votes: Votes | None = None,
) -> Changes:
    """Record which entries the panel gives a tier, where a tie lies across its line."""
    if not reason.strip():
        raise reason_needed()
    entries = [entry_of(panel, number) for number in numbers]
    body = decision_body(
        "award",
        entries=[*entries],
        group=group,
        tier=tier,
        reason=reason,
        votes=votes.as_json() if votes else None,
    )
    panel.sign(desk_identity(home, panel), home.context.at(), [("decision", body)])
    return Changes.of("decisions", entries=entries)


def decide_advance(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    stage: str,
    group: str,
    numbers: Sequence[str],
    reason: str,
    votes: Votes | None = None,
) -> Changes:
    """Record which entries of a group go on from a stage; replaces an earlier decision.

    Raises :class:`KippError` with code ``not-alive`` for an entry that is not in that stage.
    """
    panel.setup.rules.stage(stage)
    entries = _of_group(panel, group, numbers)
    alive = field_of(panel.setup, panel.state).alive[stage]
    for number, entry in zip(numbers, entries, strict=True):
        if entry not in alive:
            raise KippError(
                "not-alive",
                Text("Entry {number} is not in the stage {stage}.", number=number, stage=stage),
                Text("Only entries that are there can go on; look at kipp rank --stage."),
            )
    _sign(home, panel, "advance", reason, votes, entries=[*entries], group=group, stage=stage)
    return Changes.of("decisions", "results", stages=[stage], entries=entries)


def decide_deviate(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    group: str,
    numbers: Sequence[str],
    reason: str,
    votes: Votes | None = None,
) -> Changes:
    """Record the panel's own order of a group, best first; none returns to the computed one.

    Computed places stay; awards follow the panel's order.
    """
    entries = _of_group(panel, group, numbers) if numbers else _group(panel, group)
    _sign(home, panel, "deviate", reason, votes, entries=[*entries], group=group)
    return Changes.of("decisions", "results", entries=entries)


def decide_correct(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    stage: str,
    number: str,
    criterion: str,
    mark: Fraction | None,
    reason: str,
    votes: Votes | None = None,
    observation: str | None = None,
) -> Changes:
    """Record a correction from the field: that mark, in every counted sheet's computation.

    ``None`` rejects the proposed correction, and takes back an accepted one. Raises
    :class:`KippError` with code ``no-criterion`` or ``off-scale``.
    """
    entry = entry_of(panel, number)
    leaf = _leaf(panel, stage, criterion)
    if mark is not None:
        leaf_index(leaf, mark)
    _sign(
        home,
        panel,
        "correct",
        reason,
        votes,
        accepted=mark is not None,
        criterion=criterion,
        entries=[entry],
        mark=None if mark is None else format_decimal(mark),
        record=observation,
        stage=stage,
    )
    return Changes.of("decisions", "results", stages=[stage], entries=[entry])


def decide_disqualify(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    number: str,
    accepted: bool,
    reason: str,
    votes: Votes | None = None,
    observation: str | None = None,
) -> Changes:
    """Record that the panel disqualifies an entry, or does not although it was proposed.

    The decision and the status that carries it out are signed together.
    """
    entry = entry_of(panel, number)
    body = _body(
        "disqualify", reason, votes, accepted=accepted, entries=[entry], record=observation
    )
    status: dict[str, Json] = {
        "entry": entry,
        "reason": reason.strip(),
        "status": "disqualified",
    }
    signed = [("decision", body), *([("entry-status", status)] if accepted else [])]
    panel.sign(desk_identity(home, panel), home.context.at(), signed)
    return Changes.of("decisions", "entries", "results", entries=[entry])


def decide_reopen(
    home: Home, panel: Panel, stage: str, reason: str, votes: Votes | None = None
) -> Changes:
    """Record that a closed stage is open again."""
    panel.setup.rules.stage(stage)
    if stage not in panel.state.closings:
        raise KippError(
            "not-closed",
            Text("The stage {stage} is not closed.", stage=stage),
            Text("There is nothing to reopen."),
        )
    _sign(home, panel, "reopen", reason, votes, stage=stage)
    return Changes.of("decisions", "results", stages=[stage])


def decide_accept(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    stage: str,
    judge: str,
    number: str,
    counts: bool,
    reason: str,
    votes: Votes | None = None,
) -> str:
    """Record that a judge's late sheet counts after all, or that the counted one does not.

    Returns the id of the sheet. Raises :class:`KippError` with code ``no-sheet``.
    """
    panel.setup.rules.stage(stage)
    person, entry = person_of(panel, judge), entry_of(panel, number)
    found = (
        [
            (author, seq)
            for who, author, seq, where, rule in panel.projection.stopped(stage)
            if (who, where) == (person, entry) and rule in {"after-limit", "not-accepted"}
        ]
        if counts
        else [
            (author, seq)
            for where, who, author, seq, _, _, _ in panel.projection.counted_details(stage)
            if (who, where) == (person, entry)
        ]
    )
    if not found:
        raise KippError(
            "no-sheet",
            Text("No late sheet of {judge} for entry {number} is here.", judge=judge, number=number)
            if counts
            else Text(
                "No sheet of {judge} for entry {number} counts here.", judge=judge, number=number
            ),
            Text("Look at the sheets that are here (kipp status)."),
        )
    order = {key: item.order for key, item in panel.state.keys.items()}
    author, seq = max(found, key=lambda item: (order.get(item[0], 0), item[1]))
    record = panel.projection.record(author, seq).id
    accept_sheets(home, panel, stage, [record], counts, reason, votes)
    return record


def accept_sheets(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    stage: str,
    records: Sequence[str],
    counts: bool,
    reason: str,
    votes: Votes | None = None,
) -> Changes:
    """Record that signed sheets count after all, or that they do not, all of them or none.

    Of late sheets the latter settles that the panel leaves them out. Where the panel voted, a
    decision with the votes stands before the acceptances, which name it.
    """
    one = records[0] if len(records) == 1 else None
    decision = _body("sheet", reason, votes, accepted=counts, record=one, stage=stage)

    def acceptance(record: str) -> Body:
        return lambda signed: {
            "counts": counts,
            "decision": signed[0].id if votes is not None else None,
            "reason": reason.strip(),
            "record": record,
            "stage": stage,
        }

    items: list[tuple[str, Body]] = [("decision", decision)] if votes is not None else []
    items += [("acceptance", acceptance(record)) for record in records]
    panel.sign(desk_identity(home, panel), home.context.at(), items)
    return Changes.of("decisions", "results", stages=[stage])


@dataclass(frozen=True)
class Revoked:
    """A revoked key: the last record of it that counts, and the key that speaks in its place."""

    head: str | None
    heir: str | None
    changes: Changes


def revoke(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    key: str,
    reason: str,
    head: str | None = None,
    votes: Votes | None = None,
    *,
    nothing: bool = False,
) -> Revoked:
    """Record that a key is no longer that person's, and up to which record it counts.

    ``key`` is a fingerprint (or its beginning) or a person's name; ``head`` a record's id (or its
    beginning): by default the last that is here, of a forked key the last that its branches
    share; ``nothing`` lets none of its records count. A second key of the person that was admitted
    speaks from then on. Where the panel voted on which side of a fork stands, a decision with the
    votes stands before it. Raises :class:`KippError` with code ``unknown-key``,
    ``already-revoked``, ``no-record``, or ``no-fork`` for votes about a key that did not fork.
    """
    if not reason.strip():
        raise reason_needed()
    fingerprint = _key(panel, key)
    known = panel.state.keys.get(fingerprint)
    if known is not None and known.revoked:
        raise KippError(
            "already-revoked",
            Text("This key is revoked already; that is for good."),
            Text("What it signed later can be accepted sheet by sheet (kipp decide accept)."),
        )
    stands = None if nothing else _head(panel, fingerprint, head)
    body: dict[str, Json] = {"head": stands, "key": fingerprint, "reason": reason.strip()}
    items = [("revocation", body)]
    if votes is not None:
        if fingerprint not in panel.state.forked:
            raise KippError(
                "no-fork",
                Text("This key has not signed two versions; there is nothing to vote on."),
                Text("Revoke it with its reason alone."),
            )
        items.insert(0, ("decision", _body("fork", reason, votes, record=stands)))
    panel.sign(desk_identity(home, panel), home.context.at(), items)
    heir = panel.state.live_key(known.person) if known is not None else None
    return Revoked(
        stands,
        heir.key if heir is not None else None,
        Changes.of("people", "ledgers", "decisions", "results"),
    )


def panel_mark(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    stage: str,
    number: str,
    criterion: str,
    mark: Fraction | None,
    reason: str = "",
) -> Changes:
    """Record the panel's one mark of a criterion for an entry; ``None`` takes it back.

    Raises :class:`KippError` with code ``no-criterion``, ``off-scale`` or ``closed``.
    """
    return panel_marks(home, panel, stage, [(number, criterion, mark)], reason)


def panel_marks(
    home: Home,
    panel: Panel,
    stage: str,
    marks: Sequence[tuple[str, str, Fraction | None]],
    reason: str = "",
) -> Changes:
    """Record several marks of the panel (number, criterion, mark), all of them or none.

    A reason is needed where one replaces another. Raises as :func:`panel_mark`.
    """
    setup = panel.setup_for(stage)
    rubric = setup.rubric_of(setup.rules.stage(stage))
    bodies: list[dict[str, Json]] = []
    entries = []
    for number, criterion, mark in marks:
        leaf = _leaf(panel, stage, criterion)
        if leaf not in rubric.by_panel.leaves:
            raise KippError(
                "no-criterion",
                Text("The criterion “{id}” is marked by the judges.", id=criterion),
                Text("Only criteria with marked_by = panel are marked by the panel."),
            )
        if mark is not None:
            leaf_index(leaf, mark)
        entry = entry_of(panel, number)
        if (
            panel.state.panel_marks.get((stage, entry, criterion)) is not None
            and not reason.strip()
        ):
            raise reason_needed()
        entries.append(entry)
        bodies.append(
            {
                "criterion": criterion,
                "entry": entry,
                "mark": None if mark is None else format_decimal(mark),
                "reason": reason.strip() or None,
                "rubric": rubric.fingerprint,
                "stage": stage,
            }
        )
    if stage in panel.state.closings:
        raise KippError(
            "closed",
            Text("This stage is closed; its marks cannot be changed."),
            Text("The panel can decide to reopen it, or to correct a mark (kipp decide correct)."),
        )
    panel.sign(
        desk_identity(home, panel), home.context.at(), [("panel-mark", body) for body in bodies]
    )
    return Changes.of("decisions", "results", stages=[stage], entries=entries)


def _sign(
    home: Home, panel: Panel, about: str, reason: str, votes: Votes | None, **fields: Json
) -> None:
    body = _body(about, reason, votes, **fields)
    panel.sign(desk_identity(home, panel), home.context.at(), [("decision", body)])


def _body(about: str, reason: str, votes: Votes | None, **fields: Json) -> dict[str, Json]:
    if not reason.strip():
        raise reason_needed()
    said = votes.as_json() if votes else None
    return decision_body(about, reason=reason.strip(), votes=said, **fields)


def _group(panel: Panel, group: str) -> list[str]:
    """Return no entries, after checking that the group is there."""
    if group not in {item.id for item in panel.setup.groups}:
        raise KippError(
            "no-group",
            Text("There is no group “{group}”.", group=group),
            Text("The groups are: {names}.", names=", ".join(g.id for g in panel.setup.groups)),
        )
    return []


def _of_group(panel: Panel, group: str, numbers: Sequence[str]) -> list[str]:
    entries = _group(panel, group)
    for number in numbers:
        entry = entry_of(panel, number)
        if panel.setup.entry_by_id[entry].group != group or entry in entries:
            raise KippError(
                "not-in-group",
                Text("Entry {number} is not in this group, or is named twice.", number=number),
                Text("Name entries of the group {group}, each once.", group=group),
            )
        entries.append(entry)
    return entries


def _leaf(panel: Panel, stage: str, criterion: str) -> Leaf:
    setup = panel.setup_for(stage)
    found = setup.rules.stage(stage)
    leaves = setup.rubric_of(found).leaves if found.rubric is not None else ()
    for leaf in leaves:
        if leaf.id == criterion:
            return leaf
    raise KippError(
        "no-criterion",
        Text("The stage {stage} has no criterion “{id}”.", stage=stage, id=criterion),
        Text("Its criteria are: {ids}.", ids=", ".join(leaf.id for leaf in leaves)),
    )


def _key(panel: Panel, said: str) -> str:
    noted = {*panel.state.keys, *(item.key for item in panel.state.waiting)}
    found = [key for key in noted if key.startswith(said)] if len(said) >= 6 else []
    if not found:
        live = panel.state.live_key(person_of(panel, said))
        found = [live.key] if live else []
    if len(found) != 1:
        raise KippError(
            "unknown-key",
            Text("There is no admitted key “{key}”.", key=said),
            Text("Name the person, or the beginning of the key's fingerprint."),
        )
    return found[0]


def _head(panel: Panel, key: str, said: str | None) -> str | None:
    if said is None:
        return panel.counted_head(key)
    found = panel.record_ids(key, said)
    if len(found) != 1:
        raise KippError(
            "no-record",
            Text("That key has no record “{record}” here.", record=said),
            Text("Name the id of the last record that is to count, or its beginning."),
        )
    return found[0]
