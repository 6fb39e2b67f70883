"""What the documents of a result say, put together from the state."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.report import (
    AbstentionLine,
    AwardLine,
    CriterionLine,
    Decree,
    GroupReport,
    JudgeLine,
    Letterhead,
    RankRow,
    Report,
    SheetLine,
    Signatory,
    StageReport,
)
from kipp_desktop.domain.rule_words import step_text
from kipp_desktop.domain.scoring import printed
from kipp_desktop.domain.sheet import unpack
from kipp_desktop.domain.standing import GroupStanding, Ranked, Standing
from kipp_desktop.exchange.words import words_of
from kipp_desktop.services.approvals import approval_sentences, approvals_of
from kipp_desktop.services.resolutions import sentences
from kipp_desktop.services.rule_changes import rule_change_sentences
from kipp_desktop.services.standing import RULE_TEXTS, status, unadmitted_sentences
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.competition import Rounding, Stage
    from kipp_desktop.domain.rubric import Criterion, Rubric
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel


def build_report(
    panel: Panel,
    standing: Standing,
    results: str,
    number: str,
    at: datetime,
    *,
    draft: bool,
) -> Report:
    """Return what the minutes and the recap say of a results record."""
    setup, naming = panel.setup, panel.naming
    competition = setup.competition
    stages = [panel.setup_for(s.id).rules.stage(s.id) for s in setup.rules.counted()]
    judges = _judges(panel, naming)
    order = {judge.person: number for number, judge in enumerate(judges)}
    last = stages[-1].id
    totals = _totals(panel, last)
    groups = tuple(
        _group(setup, panel, group, totals, list(order), setup.rules.rounding)
        for group in standing.groups
    )
    rows = [row for group in groups for row in group.rows]
    return Report(
        competition=competition.name,
        organiser=competition.organiser,
        year=competition.year,
        theme=competition.theme,
        place=competition.place,
        panel_name=competition.panel_name,
        legal_basis=competition.legal_basis,
        decrees=tuple(
            Decree(d.number, date.fromisoformat(d.on) if d.on else None, d.about)
            for d in competition.decrees
        ),
        letterhead=letterhead_of(panel),
        signatories=tuple(
            Signatory(s["title"], s["name"], s["nip"])
            for s in panel.workbench.document("signatories") or []
        ),
        paper=competition.paper,
        number=number,
        held_on=at,
        printed_at=at,
        entries_total=len(setup.entries),
        entries_present=sum(row.status in {"present", "incomplete"} for row in rows),
        stages=tuple(_stage(panel.setup_for(stage.id), stage) for stage in stages),
        judges=judges,
        abstentions=tuple(_abstentions(panel, naming, order)),
        absences=tuple(row for row in rows if row.status not in {"present", "incomplete"}),
        groups=groups,
        method=tuple(_method(setup, stages)),
        remarks=(
            *_remarks(panel, naming, stages, standing),
            *approval_sentences(setup, approvals_of(panel, results)),
        ),
        sheets=tuple(_sheets(panel, naming, stages, order)),
        attachments=(
            Text("Score recapitulation (rekapitulasi.xlsx)"),
            Text("Result data, signed (hasil.kipp and hasil-publik.kipp)"),
        ),
        desk_fingerprint=panel.desk,
        desk_words=words_of(panel.desk),
        results_id=results,
        draft=draft,
    )


def letterhead_of(panel: Panel) -> Letterhead:
    """Return the kop of this competition's documents."""
    competition = panel.setup.competition
    logo = panel.workbench.document("logo") or ""
    return Letterhead(competition.letterhead, competition.address, bytes.fromhex(logo) or None)


def _judges(panel: Panel, setup: Setup) -> tuple[JudgeLine, ...]:
    how: dict[str, Counter[str]] = {}
    for stage in setup.rules.counted():
        for _, judge, author, seq, _, _, came in panel.projection.counted_details(stage.id):
            how.setdefault(judge, Counter())[_way(panel, author, seq, came)] += 1
    nips = {row.id: row.nip for row in panel.workbench.people()}
    lines = []
    for item in status(panel).people:
        person = setup.person_by_id[item.id]
        key = panel.state.live_key(item.id)
        found = how.get(item.id, Counter({"none": 0}))
        ways = sorted(found)
        lines.append(
            JudgeLine(
                person=item.id,
                name=person.name,
                title=person.title,
                institution=person.institution,
                nip=nips.get(item.id, ""),
                chair=person.has("chair"),
                how=tuple(ways),
                counted=item.sent,
                expected=item.expected,
                words=words_of(key.key) if key and "laptop" in ways else "",
                how_many=tuple(found[way] for way in ways),
            )
        )
    return tuple(lines)


def _way(panel: Panel, author: str, seq: int, came: str) -> str:
    """Return how a counted sheet came: of a typed one also whether from paper or from a form."""
    if came.startswith("paper-"):
        body: dict[str, Any] = panel.record(author, seq).body
        if body["source"] == "form":
            return came.replace("paper-", "form-")
    return came


def _totals(panel: Panel, stage: str) -> dict[str, dict[str, Fraction]]:
    setup = panel.setup_for(stage)
    rubric = setup.rubric_of(setup.rules.stage(stage))
    totals: dict[str, dict[str, Fraction]] = {}
    for entry, judge, total, _ in panel.projection.counted(stage):
        totals.setdefault(entry, {})[judge] = Fraction(total, rubric.judged.denominator)
    return totals


def _group(  # noqa: PLR0917 - the facts of one group
    setup: Setup,
    panel: Panel,
    group: GroupStanding,
    totals: dict[str, dict[str, Fraction]],
    judges: list[str],
    rounding: Rounding,
) -> GroupReport:
    rows = tuple(
        _row(setup, panel, item, totals.get(item.entry, {}), judges, rounding)
        for item in group.entries
    )
    awards = [award for award in setup.rules.awards if award.group == group.group]
    names = {item.id: item.name for item in setup.groups}
    place = {row.number: index for index, row in enumerate(rows)}
    return GroupReport(
        id=group.group,
        name=names[group.group] if len(setup.groups) > 1 else "",
        rows=rows,
        awards=tuple(
            AwardLine(
                award.tier,
                award.size,
                tuple(
                    sorted(
                        (row for row in rows if _within(row, award.tier, award.size)),
                        key=lambda row: place[row.number],
                    )
                ),
            )
            for award in sorted(awards, key=lambda item: item.size)
        ),
    )


def _within(row: RankRow, tier: str, size: int) -> bool:
    """Return whether an entry is among a tier: tiers nest, the smaller lies in the larger."""
    if row.award == tier:
        return True
    return row.award is not None and row.place is not None and row.place <= size


def _row(  # noqa: PLR0917 - one line
    setup: Setup,
    panel: Panel,
    item: Ranked,
    totals: dict[str, Fraction],
    judges: list[str],
    rounding: Rounding,
) -> RankRow:
    entry = setup.entry_by_id[item.entry]
    return RankRow(
        place=item.place,
        number=entry.number,
        title=entry.title,
        organisation=setup.organisation_name(entry),
        score=item.score,
        sheets=item.sheets,
        judge_totals=tuple(
            printed(totals[judge], rounding.digits) if judge in totals else None for judge in judges
        ),
        award=item.award,
        shared=item.shared,
        decided_by=_step(setup, item.by) if item.by else None,
        status=item.status,
        reason=panel.state.statuses.get(item.entry, ("", ""))[1],
        reached=item.reached or "",
    )


def _step(setup: Setup, step: str) -> Text:
    return step_text(step, setup.rubrics, setup.rules.stages)


def _stage(setup: Setup, stage: Stage) -> StageReport:
    rubric = setup.rubric_of(stage)
    return StageReport(
        id=stage.id,
        name=stage.name,
        rubric_name=rubric.name,
        rubric_source=rubric.source,
        criteria=tuple(_criteria(rubric, rubric.criteria, 0)),
        method=_between_judges(stage),
        maximum=format_decimal(rubric.maximum),
    )


def _criteria(
    rubric: Rubric, criteria: tuple[Criterion, ...], depth: int
) -> Iterator[CriterionLine]:
    for criterion in criteria:
        scale = criterion.scale or rubric.scale
        shown = ""
        if not criterion.children and scale is not None:
            shown = f"{format_decimal(scale.minimum)}–{format_decimal(scale.maximum)}"
        yield CriterionLine(
            criterion.id,
            criterion.name,
            depth,
            not criterion.children,
            format_decimal(criterion.weight),
            shown,
        )
        yield from _criteria(rubric, criterion.children, depth + 1)


def _between_judges(stage: Stage) -> Text:
    if stage.between_judges == "median":
        return Text("An entry's score is the median of its judges' totals")
    if stage.between_judges == "trimmed-mean":
        return Text(
            "An entry's score is the mean of its judges' totals without the highest and the "
            "lowest; with fewer than {count} sheets it is the mean of all",
            count=stage.trim_from,
        )
    if stage.between_judges == "placing":
        return Text("An entry's score is the mean of the places that its judges gave it")
    return Text("An entry's score is the mean of its judges' totals")


def _method(setup: Setup, stages: list[Stage]) -> Iterator[Text]:
    rounding = setup.rules.rounding
    yield {
        "print": Text(
            "Scores are computed exactly and rounded to {digits} decimals only when printed.",
            digits=rounding.digits,
        ),
        "stage": Text(
            "The score of every stage and the final score are rounded half up to {digits} "
            "decimals.",
            digits=rounding.digits,
        ),
        "final": Text(
            "The final score is rounded half up to {digits} decimals.", digits=rounding.digits
        ),
    }[rounding.when]
    for stage in stages:
        if stage.missing == "block":
            yield Text(
                "In the stage {stage} every sheet that is due must be there; a judge who abstains "
                "leaves the mean.",
                stage=stage.name,
            )
        else:
            yield Text(
                "In the stage {stage} the sheets that are there count, from {quorum} on.",
                stage=stage.name,
                quorum=stage.quorum,
            )
    if setup.rules.ties:
        steps = tuple(_step(setup, step) for step in setup.rules.ties)
        yield Text("Equal scores are split in this order: {steps}.", steps=steps)


def _abstentions(panel: Panel, setup: Setup, judges: dict[str, int]) -> Iterator[AbstentionLine]:
    for stage in setup.rules.counted():
        bounds = panel.bounds(stage.id)
        for judge in judges:
            assignment = panel.setup_for(stage.id).assignment(stage.id, judge)
            for entry in assignment.excluded if assignment else ():
                yield AbstentionLine(judge, setup.entry_by_id[entry].number, "conflict", "")
            for item in panel.abstentions(judge, stage.id, bounds):
                if item.entries is None:
                    yield AbstentionLine(judge, "", item.why, item.reason)
                    continue
                for found in setup.entries:
                    if found.id in item.entries:
                        yield AbstentionLine(judge, found.number, item.why, item.reason)


def _remarks(panel: Panel, setup: Setup, stages: list[Stage], standing: Standing) -> Iterator[Text]:
    yield from rule_change_sentences(panel, standing)
    for stage in stages:
        if stage.between_judges == "trimmed-mean":
            few = [
                setup.entry_by_id[item.entry].number
                for group in standing.groups
                for item in group.entries
                if item.place is not None and item.sheets < stage.trim_from
            ]
            if few:
                yield Text(
                    "Entries {numbers} have fewer than {count} sheets; their score is the mean of "
                    "all of them.",
                    numbers=", ".join(few),
                    count=stage.trim_from,
                )
        for judge, _, _, entry, rule in panel.projection.stopped(stage.id):
            if rule == "replaced":
                continue
            yield Text(
                "A sheet of {judge} for entry {number} does not count: {rule}.",
                judge=setup.name_of(judge),
                number=_number(setup, entry),
                rule=RULE_TEXTS[rule],
            )
    yield from unadmitted_sentences(panel)
    for group in standing.groups:
        for tie in group.ties:
            yield Text(
                "Entries {numbers} share a place.",
                numbers=", ".join(setup.entry_by_id[entry].number for entry in tie.entries),
            )
    yield from sentences(panel, setup)


def _number(setup: Setup, entry: str) -> str:
    found = setup.entry_by_id.get(entry)
    return found.number if found else "?"


def _sheets(
    panel: Panel, setup: Setup, stages: list[Stage], judges: dict[str, int]
) -> Iterator[SheetLine]:
    for stage in stages:
        rubric = panel.setup_for(stage.id).rubric_of(stage)
        details = panel.projection.counted_details(stage.id)
        position = {entry.id: index for index, entry in enumerate(setup.entries)}
        for entry, judge, author, seq, total, marks, how in sorted(
            details, key=lambda row: (judges[row[1]], position[row[0]])
        ):
            whole = Fraction(total, rubric.judged.denominator)
            yield SheetLine(
                judge=judges[judge],
                number=setup.entry_by_id[entry].number,
                marks=tuple(unpack(rubric, marks).items()),
                total=printed(whole, setup.rules.rounding.digits),
                source=_way(panel, author, seq, how),
                signed_at=panel.projection.record(author, seq).at,
            )
