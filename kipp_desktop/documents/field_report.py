"""Laporan verifikasi lapangan of an entry, the plenary's summary, the minutes of verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, KeepTogether, Spacer

from kipp_desktop.documents.field_page import build_field
from kipp_desktop.documents.page import (
    BODY,
    CAPTION,
    CENTRED,
    INDENTED,
    LETTERED,
    NOTE,
    NUMBERED,
    TITLE,
    Page,
)
from kipp_desktop.documents.photo_grid import photo_grid
from kipp_desktop.documents.signature_blocks import name_blocks
from kipp_desktop.documents.tables import Column
from kipp_desktop.documents.wording import on_this_day
from kipp_desktop.documents.words_id import (
    number_in_words,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.platypus import Flowable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.field_report import FieldHead, ObservationLine, VisitedEntry

_DOTS = "……………………………………"
_FLUSH = INDENTED.clone("flush", leftIndent=0)
_FLUSH_CAPTION = CAPTION.clone("flush caption", leftIndent=0)


def render_visit_report(head: FieldHead, entry: VisitedEntry, catalogue: Catalogue) -> bytes:
    """Return the report on one entry: findings by claim, photos, conclusions, signatures."""
    page = Page(head.paper, catalogue)
    story = [
        page.letterhead(head.letterhead),
        page.paragraph(Text("FIELD VERIFICATION REPORT"), TITLE, underlined=True),
        page.paragraph(head.competition, CENTRED),
        Spacer(0, 8),
        *_facts(
            page,
            [
                (Text("Innovation"), f"{entry.number} · {entry.title}"),
                (Text("Agency"), entry.agency),
                (Text("Stage"), head.stage),
            ],
        ),
    ]
    first = 1
    for one in entry.observations:
        story += _observation(page, one, first)
        first += len(one.photos)
    if entry.differences:
        story.append(page.paragraph(Text("Where the verifiers differ"), _FLUSH_CAPTION))
        story += [page.paragraph(text, LETTERED, mark="•") for text in entry.differences]
    if entry.decisions:
        story.append(page.paragraph(Text("What the panel decided"), _FLUSH_CAPTION))
        story += [page.paragraph(text, LETTERED, mark="•") for text in entry.decisions]
    story += name_blocks(
        page,
        head.place,
        head.printed_at.date(),
        [(Text("Verifier,"), one.verifier, "", one.title) for one in entry.observations],
    )
    first = 1
    for one in entry.observations:
        if one.photos:
            caption = page.paragraph(
                Text("Photos and documents of {name}", name=one.verifier), _FLUSH_CAPTION
            )
            grid = photo_grid(page, one.photos, first)
            story += [Spacer(0, 6), KeepTogether([caption, Spacer(0, 4), grid[0]]), *grid[1:]]
            first += len(one.photos)
    title = page.say(Text("Field verification report, number {number}", number=entry.number))
    return build_field(page, head, story, title)


def _facts(page: Page, facts: Sequence[tuple[Text, str]]) -> Iterator[Flowable]:
    for name, value in facts:
        if value:
            yield page.paragraph(Text("{name}: {value}", name=name, value=value), _FLUSH)


def _observation(page: Page, one: ObservationLine, first: int) -> list[Flowable]:
    says = [
        (Text("Time"), page.say(Text("{begin} to {end}", begin=one.started, end=one.ended.time()))),
        (Text("Location"), one.place),
        (Text("How"), page.say(one.mode)),
        (Text("People met"), "; ".join(one.met)),
    ]
    columns = [
        Column("No.", 1, "right"),
        Column(page.say(Text("Claim")), 6),
        Column(page.say(Text("Criterion")), 3),
        Column(page.say(Text("Finding")), 3),
        Column(page.say(Text("Note")), 5),
        Column(page.say(Text("Photo")), 2),
    ]
    rows = [
        (
            str(number),
            found.claim,
            found.criterion or "-",
            page.say(found.status),
            found.note or "-",
            ", ".join(str(photo + first - 1) for photo in found.photos) or "-",
        )
        for number, found in enumerate(one.findings, start=1)
    ]
    return [
        CondPageBreak(60 * mm),
        page.paragraph(Text("Seen by {name}", name=one.verifier), _FLUSH_CAPTION),
        *_facts(page, says),
        page.table(columns, rows, indent=0),
        *_facts(page, [(Text("Conclusion"), page.say(one.conclusion))]),
        *_facts(page, [(Text("Reason"), one.reason)]),
        *(page.paragraph(text, _FLUSH) for text in one.approvals),
        page.paragraph(
            Text("Signed electronically, record {record}.", record=one.record),
            NOTE.clone("record", leftIndent=0),
        ),
    ]


def render_field_summary(
    head: FieldHead, entries: Sequence[VisitedEntry], catalogue: Catalogue
) -> bytes:
    """Return the table for the plenary: a row an entry and verifier."""
    page = Page(head.paper, catalogue)
    story = [
        page.letterhead(head.letterhead),
        page.paragraph(Text("SUMMARY OF THE FIELD VERIFICATION"), TITLE, underlined=True),
        page.paragraph(head.competition, CENTRED),
        Spacer(0, 8),
        _summary(page, entries),
        *_differences(page, entries),
    ]
    return build_field(page, head, story, page.say(Text("Summary of the field verification")))


def _summary(page: Page, entries: Sequence[VisitedEntry]) -> Flowable:
    columns = [
        Column("No.", 1.4, "right"),
        Column(page.say(Text("Innovation")), 6),
        Column(page.say(Text("Verifier")), 3.4),
        Column(page.say(Text("Findings")), 4.2),
        Column(page.say(Text("Conclusion")), 4),
        Column(page.say(Text("Decision of the panel")), 4),
    ]
    rows = []
    for entry in entries:
        decided = " ".join(page.say(text) for text in entry.decisions) or "-"
        for position, one in enumerate(entry.observations):
            counts: dict[str, int] = {}
            for found in one.findings:
                counts[page.say(found.status)] = counts.get(page.say(found.status), 0) + 1
            rows.append(
                (
                    entry.number if position == 0 else "",
                    f"{entry.title} ({entry.agency})" if position == 0 else "",
                    one.verifier,
                    "; ".join(f"{count} {status}" for status, count in counts.items()),
                    f"{page.say(one.conclusion)}. {one.reason}",
                    decided if position == 0 else "",
                )
            )
    return page.table(columns, rows, indent=0)


def _differences(page: Page, entries: Sequence[VisitedEntry]) -> Iterator[Flowable]:
    if any(entry.differences for entry in entries):
        yield page.paragraph(Text("Where the verifiers differ"), _FLUSH_CAPTION)
    for entry in entries:
        for text in entry.differences:
            line = Text("Number {number}: {text}", number=entry.number, text=text)
            yield page.paragraph(line, LETTERED, mark="•")


def render_field_minutes(
    head: FieldHead, entries: Sequence[VisitedEntry], catalogue: Catalogue
) -> bytes:
    """Return the minutes of the verification, to be signed by every verifier."""
    page = Page(head.paper, catalogue)
    day = head.printed_at
    verifiers = {one.verifier: one.title for entry in entries for one in entry.observations}
    proposals = [
        Text("Number {number}, {name}: {text}. {reason}", number=entry.number, name=one.verifier,
             text=one.conclusion, reason=one.reason)
        for entry in entries
        for one in entry.observations
    ]  # fmt: skip
    decisions = [text for entry in entries for text in entry.decisions]
    story: list[Flowable] = [
        page.letterhead(head.letterhead),
        page.paragraph(Text("MINUTES OF THE FIELD VERIFICATION"), TITLE, underlined=True),
        page.paragraph(head.competition.upper(), TITLE),
        page.paragraph(Text("Number: {number}", number=_DOTS), CENTRED),
        Spacer(0, 8),
        page.paragraph(
            Text(
                "{on_this_day}, we, the undersigned verifiers of {competition}, have compared what "
                "was presented with what is there in the stage {stage}, at {count} ({count_words}) "
                "innovations, with these results:",
                on_this_day=on_this_day(day),
                competition=head.competition,
                stage=head.stage,
                count=len(entries),
                count_words=number_in_words(len(entries)),
            ),
            _FLUSH,
        ),
        page.paragraph(Text("The findings are in sum:"), NUMBERED, mark="1."),
        _summary(page, entries),
        page.paragraph(Text("The conclusions of the verifiers:"), NUMBERED, mark="2."),
        *(page.paragraph(text, LETTERED, mark="•") for text in proposals),
        page.paragraph(
            Text(
                "A proposed correction or disqualification takes effect only by a decision of the "
                "panel; no judge's sheet is changed by it."
            ),
            NUMBERED,
            mark="3.",
        ),
        *(page.paragraph(text, LETTERED, mark="•") for text in decisions),
        *_differences(page, entries),
    ]
    closing = page.paragraph(
        Text("These minutes are made in truth, to be used as is proper."), BODY
    )
    blocks = [(Text("Verifier,"), name, "", title) for name, title in verifiers.items()]
    officials = [(f"{s.title},", s.name, s.nip, "") for s in head.signatories]
    story += name_blocks(page, head.place, day.date(), [*blocks, *officials], closing)
    return build_field(page, head, story, page.say(Text("Minutes of the field verification")))
