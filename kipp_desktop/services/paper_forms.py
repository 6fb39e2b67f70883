"""Score sheets to be printed or filled in elsewhere: what they say, and writing their files."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.paper_form import FormCriterion, FormSheet, PaperForm, sheet_code
from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.domain.sheet import complete, total, unpack
from kipp_desktop.errors import KippError
from kipp_desktop.files import write_whole
from kipp_desktop.services.judging import Marker, rubric_of, sheets
from kipp_desktop.services.paper import typings
from kipp_desktop.services.reporting import letterhead_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from kipp_desktop.domain.rubric import Criterion, Rubric
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import SheetView
    from kipp_desktop.services.panel import Panel

FACTOR_DIGITS = 4
"""A factor without an exact decimal is printed with so many digits."""


def write_blank(home: Home, panel: Panel, stage: str, out: Path) -> int:
    """Write one spare sheet, judge and entry left open, as PDF; return how many sheets it has."""
    setup = panel.setup_for(stage)
    code = _code(panel, setup, stage, "", "")
    spare = FormSheet("", "", "", "", "", "", code)
    return _write_sheets(home, panel, stage, [spare], out)


def write_sheets(  # noqa: PLR0917 - which sheets, and how
    home: Home,
    panel: Panel,
    stage: str,
    judges: Sequence[str],
    entries: Collection[str] | None,
    out: Path,
    *,
    filled: str | None = None,
) -> int:
    """Write a page a judge and entry as PDF; return how many.

    ``judges`` are ids; ``entries`` ids, or ``None`` for all. With ``filled``, the key of a typist,
    what was typed under it stands in the boxes, and sheets without marks are left out. Raises
    :class:`KippError` ``no-sheets`` or ``cannot-write``.
    """
    made = _sheets(home, panel, stage, judges, entries, filled)
    return _write_sheets(home, panel, stage, made, out)


def write_book(home: Home, panel: Panel, stage: str, judges: Sequence[str], out: Path) -> int:
    """Write each judge's book as PDF: the guide to the marks, then the entries."""
    from kipp_desktop.documents.paper_book import render_book  # heavy, and needed only here

    made = _sheets(home, panel, stage, judges, None, None)
    form = _form(home, panel, stage, made)
    write_whole(out, render_book(form, Catalogue.load("id")))
    return len(made)


def write_proof(home: Home, panel: Panel, marker: Marker, out: Path) -> int:
    """Write the proof of what was typed and signed under this key for this judge, as PDF.

    Sheets that the judge has initialled already are left out.
    """
    from kipp_desktop.documents.paper_book import render_proof  # heavy, and needed only here

    made = list(_typed(panel, marker))
    if not made:
        raise KippError(
            "no-sheets",
            Text("There is nothing to be proved: no typed sheet waits for initials."),
            Text("Type the sheets and save them as a typing first."),
        )
    form = _form(home, panel, marker.stage, made)
    write_whole(out, render_proof(form, Catalogue.load("id")))
    return len(made)


def write_workbook(home: Home, panel: Panel, stage: str, judge: str, out: Path) -> int:
    """Write the spreadsheet form of one judge (id); return how many sheets it has."""
    from kipp_desktop.documents.paper_workbook import render_workbook  # heavy

    made = _sheets(home, panel, stage, [judge], None, None)
    form = _form(home, panel, stage, made)
    write_whole(out, render_workbook(form, Catalogue.load("id")))
    return len(made)


def workbook_name(panel: Panel, stage: str, judge: str) -> str:
    """Return the usual name of a judge's form: ``lembar-juri-N.xlsx``, N in the plan's order."""
    return f"lembar-juri-{panel.setup_for(stage).judges_of(stage).index(judge) + 1}.xlsx"


# -- what they say


def _write_sheets(
    home: Home, panel: Panel, stage: str, made: Sequence[FormSheet], out: Path
) -> int:
    from kipp_desktop.documents.paper_sheet import render_sheets  # heavy, and needed only here

    form = _form(home, panel, stage, made)
    write_whole(out, render_sheets(form, Catalogue.load("id")))
    return len(made)


def _form(home: Home, panel: Panel, stage: str, made: Sequence[FormSheet]) -> PaperForm:
    setup, rubric = panel.setup_for(stage), rubric_of(panel, stage)
    competition = setup.competition
    return PaperForm(
        competition_id=panel.competition,
        competition=competition.name,
        organiser=competition.organiser,
        place=competition.place,
        letterhead=letterhead_of(panel),
        paper=competition.paper,
        stage=stage,
        stage_name=setup.rules.stage(stage).name,
        rubric=rubric.fingerprint,
        rubric_name=rubric.name,
        maximum=printed_short(_maximum(rubric)),
        criteria=tuple(_criteria(rubric, rubric.criteria, "", 0)),
        sheets=tuple(made),
        printed_at=home.context.clock(),
    )


def _maximum(rubric: Rubric) -> Fraction:
    """Return the highest total that a judge can give."""
    leaves = rubric.judged.leaves
    return sum((leaf.coefficient * leaf.scale.maximum for leaf in leaves), start=Fraction(0))


def printed_short(value: Fraction) -> str:
    """Return a factor or maximum: exactly where it has a short decimal, else rounded."""
    return format_decimal(round_half_up(value, FACTOR_DIGITS))


def _criteria(
    rubric: Rubric, criteria: Sequence[Criterion], before: str, depth: int
) -> Iterator[FormCriterion]:
    leaves = {leaf.id: leaf for leaf in rubric.leaves}
    for place, criterion in enumerate(criteria, start=1):
        number = f"{before}{place}"
        leaf = leaves.get(criterion.id)
        common = {
            "id": criterion.id,
            "number": number,
            "name": criterion.name,
            "depth": depth,
            "description": criterion.description,
            "weight": format_decimal(criterion.weight),
        }
        if leaf is None:
            yield FormCriterion(**common, leaf=False)  # type: ignore[arg-type]
        else:
            scale = leaf.scale
            yield FormCriterion(
                **common,  # type: ignore[arg-type]
                leaf=True,
                by_panel=leaf.by_panel,
                low=format_decimal(scale.minimum),
                high=format_decimal(scale.maximum),
                step=format_decimal(scale.step),
                factor=printed_short(leaf.coefficient),
                levels=tuple(
                    (f"{_comma(level.start)}–{_comma(level.end)}", level.text)
                    for level in criterion.levels
                ),
            )
        yield from _criteria(rubric, criterion.children, f"{number}.", depth + 1)


def _comma(value: Fraction) -> str:
    return Catalogue.load("id").value(value)


def _sheets(  # noqa: PLR0917 - which sheets, and how
    home: Home,
    panel: Panel,
    stage: str,
    judges: Sequence[str],
    entries: Collection[str] | None,
    filled: str | None,
) -> list[FormSheet]:
    made = []
    for number, judge in enumerate(judges):
        home.context.step(number / len(judges), Text("Preparing the sheets"))
        marker = Marker(filled or "", judge, stage, paper=True)
        for view in sheets(panel, marker):
            left_out = entries is not None and view.entry.id not in entries
            if left_out or view.abstained or (filled and view.state == "empty"):
                continue
            if panel.state.statuses.get(view.entry.id, ("present", ""))[0] != "present":
                continue
            made.append(_sheet(panel, marker, view))
    if not made:
        raise KippError(
            "no-sheets",
            Text("There is no sheet to write."),
            Text("Check the judge, the stage and the numbers; those who abstain have no sheet."),
        )
    return made


def _typed(panel: Panel, marker: Marker) -> Iterator[FormSheet]:
    """Yield what was signed under this key and waits for initials, in the order of the entries."""
    waiting = {
        entry: (typing.names[at], typing.sheets[at])
        for entry, typing in typings(panel, marker.judge, marker.stage).items()
        if marker.author in typing.authors and typing.state != "checked"
        for at in [typing.authors.index(marker.author)]
    }
    for view in sheets(panel, marker):
        if view.entry.id in waiting and view.state == "final":
            yield _sheet(panel, marker, view, *waiting[view.entry.id])


def _sheet(
    panel: Panel, marker: Marker, view: SheetView, typed: str = "", record: str = ""
) -> FormSheet:
    setup, rubric = panel.setup_for(marker.stage), rubric_of(panel, marker.stage)
    entry, digits = view.entry, setup.rules.rounding.digits
    made = ""
    if complete(view.marks):
        whole = Fraction(total(rubric, view.marks), rubric.judged.denominator)
        made = format_decimal(round_half_up(whole, digits))
    return FormSheet(
        judge=marker.judge,
        judge_name=setup.name_of(marker.judge),
        entry=entry.id,
        number=entry.number,
        title=entry.title,
        organisation=setup.organisation_name(entry),
        code=_code(panel, setup, marker.stage, entry.id, marker.judge),
        marks=tuple(unpack(rubric, view.marks).items()),
        total=made,
        written=view.notes.written_total,
        typed=typed,
        record=record,
    )


def _code(panel: Panel, setup: Setup, stage: str, entry: str, judge: str) -> str:
    rubric = setup.rubric_of(setup.rules.stage(stage))
    return sheet_code(panel.competition, stage, entry, judge, rubric.fingerprint)
