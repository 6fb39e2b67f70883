"""The spreadsheet form of one judge: ``lembar-juri-N.xlsx``.

Only the cells of marks and notes can be typed into; each takes what is on its scale and refuses the
rest with a sentence. A hidden sheet holds ids alone, by which the form is read back
(``docs/formats/paper-forms.md``). The passwordless protection keeps fingers away, no more: what
comes back is checked as if anybody had written it.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from kipp_desktop.domain.paper_form import FORM_FORMAT, FORM_SHEET
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.paper_form import FormCriterion, PaperForm

FIRST_ROW: Final = 5
"""Row of the first entry, counted from 0; the headings stand in the row above."""
LEADING: Final = 3
"""Number, title and agency stand before the marks."""
NOTE: Final = Text("Notes for the innovator")
_PAPERS = {"A4": 9, "F4": 14}


def render_workbook(form: PaperForm, catalogue: Catalogue) -> bytes:
    """Return the workbook with the sheets of one judge; same form, same bytes."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    judge = form.sheets[0].judge_name
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties(
            {
                "title": catalogue.say(Text("Score sheets of {judge}", judge=judge)),
                "author": form.organiser,
                "created": form.printed_at.replace(tzinfo=None),
            }
        )
        _Writer(workbook, form, catalogue).write()
        _levels(workbook, form, catalogue)
        _ids(workbook, form, catalogue)
    return buffer.getvalue()


def heading(criterion: FormCriterion) -> str:
    """Return the heading of a criterion's column, by which the column is found again."""
    return f"{criterion.number}. {criterion.name}"


class _Writer:
    """Writes the sheet that the judge fills in."""

    def __init__(self, workbook: Any, form: PaperForm, catalogue: Catalogue) -> None:
        self._form, self._catalogue = form, catalogue
        self._sheet = workbook.add_worksheet(catalogue.say(Text("Marks")))
        cell = {"valign": "top", "border": 1, "border_color": "#98A2B3", "text_wrap": True}
        add = workbook.add_format
        self._title = add({"bold": True, "font_size": 13})
        self._plain = add({"text_wrap": True, "valign": "top"})
        self._heading = add(
            {**cell, "bold": True, "bg_color": "#E4E7EC", "valign": "vcenter", "align": "center"}
        )
        self._text = add({**cell, "num_format": "@"})
        free = {**cell, "locked": False, "bg_color": "#FFFBE6"}
        self._mark = add({**free, "align": "center", "num_format": "General"})
        self._note = add({**free, "num_format": "@"})
        self._total = add({**cell, "bold": True, "num_format": "0.00", "align": "center"})

    def write(self) -> None:
        form, say, sheet = self._form, self._catalogue.say, self._sheet
        judge = form.sheets[0].judge_name
        sheet.write_string(0, 0, form.competition, self._title)
        sheet.write_string(
            1, 0, say(Text("Judge: {name}. Stage: {stage}.", name=judge, stage=form.stage_name))
        )
        sheet.write_string(
            2,
            0,
            say(
                Text(
                    "Fill in the yellow cells only, save, and bring this file back to the"
                    " secretariat. What the marks mean stands in the next sheet."
                )
            ),
        )
        marked = form.marked
        heads = [
            *map(say, (Text("No."), Text("Title"), Text("Agency"))),
            *map(heading, marked),
            say(Text("Total")),
            say(NOTE),
        ]
        for column, head in enumerate(heads):
            sheet.write_string(FIRST_ROW - 1, column, head, self._heading)
        sheet.set_row(FIRST_ROW - 1, 48)
        for line, entry in enumerate(form.sheets, start=FIRST_ROW):
            for column, text in enumerate((entry.number, entry.title, entry.organisation)):
                sheet.write_string(line, column, text, self._text)
            marks = dict(entry.marks)
            for column, criterion in enumerate(marked, start=LEADING):
                mark = marks.get(criterion.id)
                if mark is None:
                    sheet.write_blank(line, column, None, self._mark)
                else:
                    sheet.write_number(line, column, float(mark), self._mark)
            self._write_total(line)
            sheet.write_blank(line, LEADING + len(marked) + 1, None, self._note)
            sheet.set_row(line, 15.5 * max(2, -(-len(entry.title) // 38)))
        for column, criterion in enumerate(marked, start=LEADING):
            self._validate(column, criterion)
        self._lay_out()

    def _write_total(self, line: int) -> None:
        """Write the total as a formula for the judge's eyes; it is not read back."""
        marked = self._form.marked
        first = xl_rowcol_to_cell(line, LEADING)
        last = xl_rowcol_to_cell(line, LEADING + len(marked) - 1)
        made = "+".join(
            f"{xl_rowcol_to_cell(line, column)}*{criterion.factor}"
            for column, criterion in enumerate(marked, start=LEADING)
        )
        formula = f'=IF(COUNT({first}:{last})={len(marked)},{made},"")'
        self._sheet.write_formula(line, LEADING + len(marked), formula, self._total, "")

    def _validate(self, column: int, criterion: FormCriterion) -> None:
        say, number = self._catalogue.say, self._catalogue.number
        told = say(
            Text(
                "From {low} to {high} in steps of {step}.",
                low=number(criterion.low),
                high=number(criterion.high),
                step=number(criterion.step),
            )
        )
        rule: dict[str, Any]
        if criterion.step == "1" and criterion.low.isdigit():
            rule = {
                "validate": "integer",
                "criteria": "between",
                "minimum": int(criterion.low),
                "maximum": int(criterion.high),
            }
        else:
            cell = xl_rowcol_to_cell(FIRST_ROW, column)
            steps = f"({cell}-{criterion.low})/{criterion.step}"
            rule = {
                "validate": "custom",
                "value": f"=AND(ISNUMBER({cell}),{cell}>={criterion.low},{cell}<={criterion.high},"
                f"ABS({steps}-ROUND({steps},0))<0.000001)",
            }
        last = FIRST_ROW + len(self._form.sheets) - 1
        self._sheet.data_validation(
            FIRST_ROW,
            column,
            last,
            column,
            {
                **rule,
                "ignore_blank": True,
                "input_title": criterion.name[:32],
                "input_message": told[:255],
                "error_title": say(Text("Not on the scale"))[:32],
                "error_message": told[:255],
            },
        )

    def _lay_out(self) -> None:
        form, sheet = self._form, self._sheet
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 1, 42)
        sheet.set_column(2, 2, 26)
        sheet.set_column(LEADING, LEADING + len(form.marked), 15)
        sheet.set_column(LEADING + len(form.marked) + 1, LEADING + len(form.marked) + 1, 48)
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(_PAPERS[form.paper])
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST_ROW - 1)


def _levels(workbook: Any, form: PaperForm, catalogue: Catalogue) -> None:
    """Write what the marks mean."""
    say = catalogue.say
    sheet = workbook.add_worksheet(say(Text("What marks mean")))
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = workbook.add_format({"text_wrap": True, "valign": "top"})
    line = 0
    for criterion in form.criteria:
        sheet.write_string(line, 0, criterion.number, head)
        sheet.write_string(line, 1, criterion.name, head)
        sheet.write_string(line, 2, criterion.description, plain)
        sheet.set_row(line, 15.5 * max(1, -(-len(criterion.description) // 95)))
        line += 1
        for marks, text in criterion.levels:
            sheet.write_string(line, 1, marks, plain)
            sheet.write_string(line, 2, text, plain)
            sheet.set_row(line, 15.5 * max(1, -(-len(text) // 95)))
            line += 1
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 100)
    sheet.set_landscape()
    sheet.set_paper(_PAPERS[form.paper])
    sheet.fit_to_pages(1, 0)
    sheet.protect("")


def _ids(workbook: Any, form: PaperForm, catalogue: Catalogue) -> None:
    """Write the ids by which the form is read back."""
    sheet = workbook.add_worksheet(FORM_SHEET)
    text = workbook.add_format({"num_format": "@"})
    rows = [
        [FORM_FORMAT, "1"],
        ["competition", form.competition_id],
        ["stage", form.stage],
        ["judge", form.sheets[0].judge],
        ["rubric", form.rubric],
        ["note", catalogue.say(NOTE)],
        *(["criterion", criterion.id, heading(criterion)] for criterion in form.marked),
        *(["entry", entry.entry, entry.number] for entry in form.sheets),
    ]
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write_string(line, column, value, text)
    sheet.protect("")
    sheet.very_hidden()
