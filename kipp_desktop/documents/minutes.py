"""The berita acara: what the panel did and found, as a printed document ready to be signed by hand.

Its layout is that of Indonesian offices: letterhead with a double rule, underlined title and
number, "Pada hari ini …", numbered results, the closing sentence, signatures with room for a stamp,
"Mengetahui"; then a box that says how the electronic copy can be checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Spacer

from kipp_desktop.documents.minutes_panel import abstentions, how_marks_came, lettered, method
from kipp_desktop.documents.minutes_results import awards, ranking, unranked
from kipp_desktop.documents.page import CENTRED, INDENTED, NOTE, NUMBERED, TITLE, Footing, Page
from kipp_desktop.documents.seal_box import seal_box
from kipp_desktop.documents.signature_blocks import signature_blocks
from kipp_desktop.documents.wording import on_this_day
from kipp_desktop.documents.words_id import (
    number_in_words,
    zone_in_words,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.report import Decree, Report

    Section = list[Text | Flowable]

_DOTS = "……………………………………"
# Room that a sentence asks for on its page when a table or list follows it.
_NOT_ALONE = 50 * mm


def render_minutes(report: Report, catalogue: Catalogue) -> bytes:
    """Return the berita acara as PDF, unsealed; same report and language, same bytes.

    Raises ``KippError`` for an unknown paper or a logo that is no picture.
    """
    page = Page(report.paper, catalogue)
    story = [
        page.letterhead(report.letterhead),
        *_title(page, report),
        page.paragraph(_opening(report), INDENTED.clone("opening", leftIndent=0)),
    ]
    sections = [
        _entries(page, report),
        method(page, report),
        abstentions(page, report),
        how_marks_came(page, report),
        ranking(page, report),
        awards(page, report),
        _remarks(page, report),
        _attachments(page, report),
    ]
    for number, (sentence, *rest) in enumerate(filter(None, sections), start=1):
        if rest:
            story.append(CondPageBreak(_NOT_ALONE))
        story.append(page.paragraph(sentence, NUMBERED, mark=f"{number}."))
        story += rest
    story += signature_blocks(page, report)
    story += seal_box(page, report)
    story += _missing_glyphs(page)
    return page.build(
        story,
        title=page.say(
            Text("Minutes of the assessment: {competition}", competition=report.competition)
        ),
        author=report.organiser,
        at=report.printed_at,
        footing=Footing(
            running=catalogue.say(
                Text(
                    "Minutes, {competition} · results {results}",
                    competition=report.competition,
                    results=report.results_id[:16],
                )
            ),
            watermark=catalogue.say(Text("DRAFT")) if report.draft else "",
        ),
    )


def _title(page: Page, report: Report) -> list[Flowable]:
    competition = report.competition.upper()
    return [
        page.paragraph(Text("MINUTES"), TITLE, underlined=True),
        page.paragraph(
            Text("ASSESSMENT OF THE ENTRIES OF {competition}", competition=competition),
            TITLE,
            underlined=True,
        ),
        page.paragraph(Text("Number: {number}", number=report.number or _DOTS), CENTRED),
        Spacer(0, 8),
    ]


def _opening(report: Report) -> Text:
    basis: list[object] = [report.legal_basis] if report.legal_basis else []
    basis += [_decree(decree) for decree in report.decrees]
    return Text(
        "{on_this_day}{time}{place}, we, the undersigned, as {panel} of {competition}{basis}, have"
        " carried out {stages} of the entries of {competition}{theme}, with these results:",
        on_this_day=on_this_day(report.held_on),
        time=_hour(report),
        place=Text(", at {place}", place=report.place) if report.place else "",
        panel=report.panel_name or Text("the assessment team"),
        competition=report.competition,
        basis=Text(", on the basis of {basis}", basis=basis) if basis else "",
        stages=Text(
            "the assessment, stage {stages}", stages=[stage.name for stage in report.stages]
        ),
        theme=Text(" with the theme “{theme}”", theme=report.theme) if report.theme else "",
    )


def _hour(report: Report) -> Text | str:
    """Return the hour; nothing where only the day is known."""
    held_on = report.held_on
    if not (held_on.hour or held_on.minute):
        return ""
    zone = zone_in_words(held_on)
    return Text(", {time} o'clock{zone}", time=held_on.time(), zone=f" {zone}" if zone else "")


def _decree(decree: Decree) -> Text:
    number = decree.number
    # Some write "Keputusan Wali Kota … Nomor …", others the bare number.
    named: Text | str = (
        number if "nomor" in number.casefold() else Text("Decree Number {number}", number=number)
    )
    dated = Text(" of {date}", date=decree.date) if decree.date else ""
    about = Text(" on {about}", about=decree.about) if decree.about else ""
    return Text("{decree}{dated}{about}", decree=named, dated=dated, about=about)


def _entries(page: Page, report: Report) -> Section:
    total, present = report.entries_total, report.entries_present
    if total == present:
        return [
            Text(
                "{total} ({total_words}) entries take part; all were present and assessed.",
                total=total,
                total_words=number_in_words(total),
            )
        ]
    sentence = Text(
        "{total} ({total_words}) entries take part: {present} ({present_words}) were present and"
        " {absent} ({absent_words}) were not assessed:",
        total=total,
        total_words=number_in_words(total),
        present=present,
        present_words=number_in_words(present),
        absent=total - present,
        absent_words=number_in_words(total - present),
    )
    return [sentence, unranked(page, report.absences)] if report.absences else [sentence]


def _remarks(page: Page, report: Report) -> Section:
    if not report.remarks:
        return [Text("There are no remarks.")]
    return [Text("Remarks:"), *lettered(page, report.remarks)]


def _attachments(page: Page, report: Report) -> Section:
    if not report.attachments:
        return []
    return [
        Text("Attached to these minutes, and not to be parted from them:"),
        *lettered(page, report.attachments),
    ]


def _missing_glyphs(page: Page) -> list[Flowable]:
    """Say what the boxes stand for, where the typeface lacked a character."""
    if not page.glyphs.missing:
        return []
    codes = ", ".join(f"U+{ord(character):04X}" for character in sorted(page.glyphs.missing))
    return [
        page.paragraph(
            Text(
                "A box (□) stands for a character that this typeface lacks: {codes}.", codes=codes
            ),
            NOTE.clone("missing", leftIndent=0),
        )
    ]
