"""The words in which documents name what the records hold as codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kipp_desktop.documents.words_id import month_in_words, number_in_words, weekday_in_words
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from datetime import date

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.report import RankRow, Report

#: By the codes of ``JudgeLine.how`` and ``SheetLine.source``.
SIGNED_HOW = {
    "laptop": Text("laptop, signed with the judge's own key"),
    "paper-twice": Text("paper, typed twice by different people"),
    "paper-checked": Text("paper, typed once, printed back and initialled by the judge"),
    "form-twice": Text("the judge's spreadsheet form, read in and typed again by different people"),
    "form-checked": Text("the judge's spreadsheet form, read in, printed back and initialled"),
    "none": Text("no marks"),
}

#: By the codes of ``AbstentionLine.why``.
ABSTENTIONS = {
    "conflict": Text("Conflict of interest"),
    "absent": Text("Prevented from attending"),
}

_STATUS = {
    "absent": Text("Absent"),
    "withdrawn": Text("Withdrawn"),
    "disqualified": Text("Disqualified"),
}
_DECIMAL = re.compile(r"\d+\.\d+")


def on_this_day(day: date) -> Text:
    """Return how minutes begin: the day in words, and in figures."""
    return Text(
        "On this day, {weekday}, the {day} of the month {month} of the year {year} ({date})",
        weekday=weekday_in_words(day),
        day=number_in_words(day.day),
        month=month_in_words(day),
        year=number_in_words(day.year),
        date=f"{day:%d-%m-%Y}",
    )


def status_of(row: RankRow) -> Text:
    """Return why an entry has no place: its status or the stage that it reached, and the reason."""
    if row.status in _STATUS:
        status = _STATUS[row.status]
    elif row.reached:
        status = Text("Did not advance; reached: {stage}", stage=row.reached)
    else:
        status = Text("Not ranked")
    return Text("{status}: {reason}", status=status, reason=row.reason) if row.reason else status


def judge_name(report: Report, person: str) -> str:
    """Return the name of the judge with this person id, or what stands there."""
    return next((judge.name for judge in report.judges if judge.person == person), person)


def decimals(catalogue: Catalogue, text: str) -> str:
    """Return ``text`` with each decimal in it as this language writes it: "0,5–10"."""
    return _DECIMAL.sub(lambda match: catalogue.number(match[0]), text)
