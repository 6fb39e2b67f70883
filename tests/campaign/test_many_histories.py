"""The histories of ``tests/flow``, twenty thousand of them, in forty parts that share no memory.

Each part has a seed of its own: what fails, fails again. ``KIPP_HISTORIES_SEED`` gives others.
"""

import os

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.flow.test_histories import Histories

PARTS, EACH = 40, 500
FIRST = int(os.environ.get("KIPP_HISTORIES_SEED", "0"))


@pytest.mark.parametrize("part", range(PARTS))
def test_five_hundred_histories_end_alike_at_every_desk(part):
    machine = seed(FIRST + part)(type("Part", (Histories,), {}))

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EACH,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
