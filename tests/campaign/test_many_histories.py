"""The histories of ``tests/flow``, twenty thousand of them."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.flow.test_histories import Histories


def test_twenty_thousand_histories_end_alike_at_every_desk():
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=20_000,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
