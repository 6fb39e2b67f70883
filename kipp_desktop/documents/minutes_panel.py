"""How the panel worked, in the minutes: method and weights, who gave no marks, how marks came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak

from kipp_desktop.documents.page import CAPTION, LETTERED, NOTE, Page
from kipp_desktop.documents.tables import Column
from kipp_desktop.documents.wording import ABSTENTIONS, SIGNED_HOW, decimals, judge_name
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.platypus import Flowable

    from kipp_desktop.domain.report import JudgeLine, Report, StageReport

    Section = list[Text | Flowable]

# Room that a caption asks for on its page: the table below it needs some too.
_NOT_ALONE = 42 * mm


def method(page: Page, report: Report) -> Section:
    """Return the sentence and tables of method, criteria, weights and scales."""
    section: Section = [Text("All entries were assessed by the same method and weights:")]
    section += lettered(page, report.method)
    for stage in report.stages:
        section += _stage(page, stage)
    return section


def _stage(page: Page, stage: StageReport) -> list[Flowable]:
    number = page.catalogue.number
    rows: list[tuple[str, ...]] = []
    tops = 0
    for criterion in stage.criteria:
        tops += criterion.depth == 0
        rows.append(
            (
                f"{tops}" if criterion.depth == 0 else "",
                "\N{NO-BREAK SPACE}" * 4 * criterion.depth + criterion.name,
                number(criterion.weight),
                decimals(page.catalogue, criterion.scale) if criterion.leaf else "",
            )
        )
    flowables = [
        CondPageBreak(_NOT_ALONE),
        page.paragraph(
            Text(
                "{stage}: {method}; the highest possible score is {maximum}.",
                stage=stage.name,
                method=stage.method,
                maximum=number(stage.maximum),
            ),
            CAPTION,
        ),
        page.table(
            [
                Column(page.say(Text("No.")), 8, "centre"),
                Column(page.say(Text("Criterion")), 90),
                Column(page.say(Text("Weight (%)")), 22, "right"),
                Column(page.say(Text("Scale")), 22, "centre"),
            ],
            rows,
        ),
    ]
    if stage.rubric_source:
        flowables.append(
            page.paragraph(
                Text(
                    "Rubric: {rubric}. Source: {source}",
                    rubric=stage.rubric_name,
                    source=stage.rubric_source,
                ),
                NOTE,
            )
        )
    return flowables


def abstentions(page: Page, report: Report) -> Section:
    """Return the sentence and table of judges who gave no marks, and why."""
    if not report.abstentions:
        return [Text("No judge declared a conflict of interest or was prevented from attending.")]
    titles = {row.number: row.title for group in report.groups for row in group.rows}
    rows = [
        (
            judge_name(report, line.judge),
            f"{line.entry} – {titles[line.entry]}"
            if line.entry in titles
            else line.entry or page.say(Text("All entries")),
            page.say(ABSTENTIONS[line.why]) if line.why in ABSTENTIONS else line.why,
            line.reason,
        )
        for line in report.abstentions
    ]
    return [
        Text(
            "These judges gave no marks to these entries, which leaves the mean of the others as it"
            " is:"
        ),
        page.table(
            [
                Column(page.say(Text("Judge")), 34),
                Column(page.say(Text("Entry")), 52),
                Column(page.say(Text("Cause")), 28),
                Column(page.say(Text("Reason")), 36),
            ],
            rows,
        ),
    ]


def how_marks_came(page: Page, report: Report) -> Section:
    """Return the sentence and table of how each judge's marks came to the desk."""
    rows = []
    for number, judge in enumerate(report.judges, start=1):
        ways = [_way(page, judge, at) for at in range(len(judge.how))]
        if judge.words:
            ways.append(page.say(Text("words of the key: {words}", words=judge.words)))
        rows.append(
            (
                str(number),
                judge.name,
                judge.institution,
                "; ".join(ways),
                page.say(
                    Text("{counted} of {expected}", counted=judge.counted, expected=judge.expected)
                ),
            )
        )
    return [
        Text("Each judge's marks came as follows:"),
        page.table(
            [
                Column(page.say(Text("No.")), 8, "centre"),
                Column(page.say(Text("Judge")), 36),
                Column(page.say(Text("Institution")), 36),
                Column(page.say(Text("How the marks came")), 52),
                Column(page.say(Text("Sheets counted")), 20, "centre"),
            ],
            rows,
        ),
    ]


def _way(page: Page, judge: JudgeLine, at: int) -> str:
    """Return one of the ways in which marks came; of several also how many sheets came so."""
    code = judge.how[at]
    way: Text | str = SIGNED_HOW.get(code, code)
    if len(judge.how) > 1 and judge.how_many:
        way = Text("{way}: {count} sheets", way=way, count=judge.how_many[at])
    return page.say(way) if isinstance(way, Text) else way


def lettered(page: Page, texts: Sequence[Text]) -> list[Flowable]:
    """Return a list a., b., c."""
    return [
        page.paragraph(text, LETTERED, mark=f"{_letter(index)}.")
        for index, text in enumerate(texts)
    ]


def _letter(index: int) -> str:
    """Return a, b to z, then aa, ab and so on."""
    high, low = divmod(index, 26)
    return (_letter(high - 1) if high else "") + chr(ord("a") + low)
