"""The window as a screen reader meets it: over the accessibility bus, on a screen of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
BUS = "/usr/libexec/at-spi-bus-launcher"

# The bus, the program and the reader share one session; all of it ends with the reader.
SESSION = f"""
{BUS} --launch-immediately & bus=$!
"$1" -m kipp_desktop --home "$2" --lang id & program=$!
{SYSTEM_PYTHON} "$3" "$4"; status=$?
kill $program $bus; wait; exit $status
"""


def missing():
    """Return what this machine lacks, in words, or ''."""
    lacking = [name for name in ("xvfb-run", "dbus-run-session") if shutil.which(name) is None]
    if not Path(BUS).exists():
        lacking.append("at-spi2-core")
    probe = [SYSTEM_PYTHON, "-c", "import pyatspi"]
    if (
        not Path(SYSTEM_PYTHON).exists()
        or subprocess.run(probe, capture_output=True, check=False).returncode
    ):
        lacking.append("python3-pyatspi")
    return ", ".join(lacking)


def test_a_screen_reader_reads_the_start_page_and_presses_a_door(tmp_path):
    if lacking := missing():
        pytest.skip(f"no accessibility bus on this machine: {lacking}")
    walk = Path(__file__).with_name("atspi_walk.py")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "NO_AT_BRIDGE": "0",
    }

    said = subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--", "bash", "-c",
         SESSION, "bash", sys.executable, str(tmp_path), str(walk), "Periksa hasil"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip

    assert said.returncode == 0, said.stdout + said.stderr
    names, title = map(json.loads, said.stdout.splitlines()[-2:])
    assert {"Mulai", "Sekretariat", "Juri", "Verifikator", "Pengaturan"} <= set(names)
    assert all(names)
    assert title.startswith("Periksa hasil")
