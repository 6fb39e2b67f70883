"""What the panel chooses entries from: who goes on, who gets an award, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.standing import Ranked
from kipp_desktop.services.case_facts import Facts, place_text, proposal
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Choice:
    """An entry that may be chosen; ``chosen`` where the computation or an earlier word says so."""

    number: str
    title: str
    where: Text
    chosen: bool


@dataclass(frozen=True)
class Selection:
    """What a decision about several entries chooses from.

    ``about`` is ``advance``, ``award`` or ``deviate``; ``scope`` is the stage or the tier of it,
    ``size`` how many are meant (0: any number). ``computed`` are the numbers in the order of the
    computation, where ``choices`` stand in the panel's.
    """

    about: str
    group: str
    group_name: str
    scope: str
    scope_name: str
    size: int
    choices: tuple[Choice, ...]
    computed: tuple[str, ...] = ()


def selections(panel: Panel) -> list[Selection]:
    """Return everything that the panel can decide about several entries now.

    Where places may not be seen there is nothing to choose.
    """
    facts = Facts(panel)
    setup = panel.setup
    names = {group.id: group.name for group in setup.groups}
    found = []
    for stage in setup.rules.counted():
        if stage.advance_per_group is None or not facts.shows(stage.id):
            continue
        for group in setup.groups:
            size = stage.advance_per_group
            decided = panel.state.advances.get((stage.id, group.id))
            ranked = proposal(panel, stage.id, group.id)
            found.append(
                Selection(
                    "advance",
                    group.id,
                    names[group.id],
                    stage.id,
                    stage.name,
                    size,
                    tuple(
                        _choice(
                            setup,
                            item,
                            item.entry in decided
                            if decided is not None
                            else item.place is not None and item.place <= size,
                        )
                        for item in ranked
                        if item.status in {"present", "not-advanced", "incomplete"}
                        and (item.place is not None or item.entry in (decided or ()))
                    ),
                )
            )
    if not facts.places:
        return found
    for standing_ in facts.result.groups:
        ranked = tuple(item for item in standing_.entries if item.place is not None)
        if not ranked:
            continue
        group_ = standing_.group
        awards = [award for award in setup.rules.awards if award.group == group_]
        found += [
            Selection(
                "award",
                group_,
                names[group_],
                award.tier,
                award.tier,
                award.size,
                tuple(_choice(setup, item, item.award == award.tier) for item in ranked),
            )
            for award in sorted(awards, key=lambda award: award.size)
        ]
        order = sorted(ranked, key=lambda item: item.decided or item.place or 0)
        found.append(
            Selection(
                "deviate",
                group_,
                names[group_],
                "",
                "",
                0,
                tuple(_choice(setup, item, item.decided is not None) for item in order),
                tuple(setup.entry_by_id[item.entry].number for item in ranked),
            )
        )
    return found


def _choice(setup: Setup, item: Ranked, chosen: bool) -> Choice:
    entry = setup.entry_by_id[item.entry]
    return Choice(entry.number, entry.title, place_text(item), chosen)
