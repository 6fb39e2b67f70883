"""The second reader ranks random worlds as the program does: every rule, and no file between."""

import json
from types import SimpleNamespace

from hypothesis import given, settings

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.ranking import rank
from kipp_desktop.domain.setup import setup_blob
from kipp_desktop.services.publishing import places_json
from tests import second_reader
from tests.worlds import decided_worlds, program_view


def second_view(world, setup, state):
    """Return the world as the second reader takes it: the setup's JSON, the desk, the fold."""
    table = json.loads(setup_blob(setup))
    rubrics = {rubric.fingerprint: rubric.as_json() for rubric in setup.rubrics}
    desk = SimpleNamespace(
        status={entry: status for entry, (status, _) in state.statuses.items()},
        panel={
            (stage["id"], entry, leaf): format_decimal(mark)
            for stage in world["stages"]
            for (entry, leaf), mark in stage["panel"].items()
        },
        ties=[{"method": tie.method, "entries": list(tie.order)} for tie in state.ties],
        awards={key: list(entries) for key, entries in state.awards.items()},
        advances={key: list(entries) for key, entries in state.advances.items()},
        deviations={key: list(entries) for key, entries in state.deviations.items()},
        corrections=dict(state.corrections),
    )

    def counted(stage_id):
        stage = next(item for item in world["stages"] if item["id"] == stage_id)
        rules = next(item for item in table["stages"] if item["id"] == stage_id)
        marks = {}
        for (judge, entry), given_marks in stage["marks"].items():
            texts = {leaf: format_decimal(mark) for leaf, mark in given_marks.items()}
            marks.setdefault(entry, {})[judge] = texts
        expected = [
            (entry, judge)
            for judge, entries in stage["judges"].items()
            for entry in entries
            if (out := stage["abstain"].get(judge, [])) is not None and entry not in out
        ]
        return rules, rubrics[rules["rubric"]], marks, expected

    return table, desk, SimpleNamespace(desk=desk, stage=counted)


@settings(max_examples=100)
@given(decided_worlds())
def test_the_second_reader_ranks_every_world_as_the_program_does(world):
    setup, state, counts = program_view(world)

    said = rank(setup, state, counts)

    places, complete = second_reader.rank(*second_view(world, setup, state))
    assert places == places_json(said)
    assert complete == said.complete
