"""What every test may rely on: no display, no silent warnings, hypothesis profiles."""

import logging
import os

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CAMPAIGN = "KIPP_CAMPAIGN" in os.environ

# Hours long, and only asked for by name.
collect_ignore = [] if CAMPAIGN else ["campaign"]

# Two shared cores decide how long an example takes, not the code.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True, print_blob=True)
settings.register_profile(
    "campaign",
    deadline=None,
    max_examples=10_000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("campaign" if CAMPAIGN else "ci" if "CI" in os.environ else "dev")


@pytest.fixture(autouse=True)
def _nothing_is_logged_as_a_warning(caplog):
    """Fail a test during which anybody logs a warning; one that expects it calls caplog.clear()."""
    yield
    # pyHanko logs every fault that it also returns.
    loud = [
        record.getMessage()
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING and not record.name.startswith("pyhanko")
    ]
    if loud:
        pytest.fail(f"logged during the test: {loud}")
