"""Pictures of the heaviest sheet that is promised: twelve criteria, 0-100 by 0.5, long titles."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.services import judging
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.window import hard, panels

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel
    from tests.shots import Studio

ENTRIES, FULL = 46, 9


def take(studio: Studio, folder: Path) -> None:
    """Take what a judge sees in the middle of the day, and the desk that types such a paper."""
    folder.mkdir()
    made = hard.publish(folder, ENTRIES)
    judge = Home(Context(panels.join_as(made, "Juri 1")))
    listed = judge.choose()
    with judge.open(listed) as panel:
        card = judge.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        _mark(judge, panel, marker)
        first = [entry.id for entry in panel.setup.entries[:2]]
        judging.submit(judge, panel, marker, judge.unlock(card), first)
    with made.home.open(made.listed) as panel:
        clerk = made.home.card(panel.competition, "clerk")
        stage = panel.setup.rules.stages[0].id
        paper = panel.setup.judges_of(stage)[0]
        _mark(made.home, panel, judging.Marker(clerk.fingerprint, paper, stage, paper=True))
    studio.enter(judge.context.home, listed, "member")
    for key in ("scoring", "review", "hand-in"):
        studio.take_page("heavy", key)
    studio.leave()
    studio.enter(made.home.context.home, made.listed, "desk")
    studio.take_page("heavy", "paper")
    studio.leave()


def _mark(home: Home, panel: Panel, marker: Marker) -> None:
    """Mark the first entries in full, and the next one by half."""
    leaves = judging.rubric_of(panel, marker.stage).judged.leaves
    for at, entry in enumerate(panel.setup.entries[: FULL + 1]):
        for number, leaf in enumerate(leaves[: 5 if at == FULL else None]):
            mark = Fraction(120 + (at * 7 + number * 11) % 81, 2)
            judging.set_mark(home, panel, marker, entry.id, leaf.id, mark)
