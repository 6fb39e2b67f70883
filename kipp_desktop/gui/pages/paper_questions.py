"""What Lembar kertas asks before it signs: a typing, and that a judge initialled the print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.signing import Question
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.gui.models.mark_grid import GridRow


def typing_question(
    typist: str, judge: str, ready: Sequence[GridRow], gaps: Sequence[GridRow], *, corrects: bool
) -> Question:
    """Ask whether the ``ready`` rows are saved as a typing; ``gaps`` are begun but not complete."""
    odd = [row.number for row in ready if row.remark is not None]
    left = None
    if odd:
        left = Text(
            "Look again: the total on paper is another for number {numbers}.",
            numbers=", ".join(odd),
        )
    elif gaps:
        left = Text(
            "Not complete, so not saved: {numbers}", numbers=", ".join(row.number for row in gaps)
        )
    return Question(
        title=Text("Save as a typing"),
        what=Text(
            "{typist} typed {count} sheets of {judge}.",
            typist=typist,
            count=len(ready),
            judge=judge,
        ),
        meaning=Text(
            "They are signed under the typist's key. They count once a second person has "
            "typed the same, or the judge has initialled the printed sheet."
        ),
        button=Text("Save {count} sheets", count=len(ready)),
        left=left,
        corrects=corrects,
    )


def check_question(judge: str, rows: Sequence[GridRow], some: Sequence[GridRow]) -> Question:
    """Ask which typed sheets were initialled: all ``rows``, or only ``some`` that are selected."""
    return Question(
        title=Text("Printed back and initialled"),
        what=Text("{judge} has initialled the printed sheets.", judge=judge),
        meaning=Text(
            "You sign that the typed marks were printed, that the judge compared them "
            "with the paper and initialled them. From then on they count."
        ),
        button=Text("Sign: initialled"),
        all=Text("All {count} typed sheets", count=len(rows)),
        some=Text(
            "Only the selected rows: {numbers}", numbers=", ".join(row.number for row in some)
        )
        if some and len(some) < len(rows)
        else None,
    )
