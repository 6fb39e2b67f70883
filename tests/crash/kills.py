"""Kill a marking child at random moments, and look for what it had acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from kipp_desktop.domain.sheet import unpack
from kipp_desktop.services import judging, keeping
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home

ROOT = Path(__file__).parents[2]


@dataclass
class Toll:
    """What a run of kills found."""

    kills: int = 0
    marks: int = 0
    records: int = 0
    missing: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)


def kill_many(folder: Path, kills: int, *options: str, seed: int = 1) -> Toll:
    """Kill a child in the home ``folder`` so often; compare each time what it said with the home.

    The moment is 0 to 60 ms behind the first acknowledgement.
    """
    moments = random.Random(seed)
    toll = Toll()
    home = Home(Context(folder))
    command = [sys.executable, "-m", "tests.crash.child", str(folder), *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        for _ in range(kills):
            parent.stdin.write(b"go\n")
            parent.stdin.flush()
            said: list[str] = []
            child = 0
            while not (said and said[-1].startswith("mark ")):
                said.append(parent.stdout.readline().decode())
                child = child or next((int(s.split()[1]) for s in said if s[:5] == "child"), 0)
            time.sleep(moments.uniform(0, 0.06))
            os.kill(child, signal.SIGKILL)
            while said[-1] != "gone\n":
                said.append(parent.stdout.readline().decode())
                assert said[-1], "the child's parent is gone"
            toll.kills += 1
            compare(home, said, toll)
        parent.stdin.close()
    return toll


def compare(home: Home, said: list[str], toll: Toll) -> None:
    """Add to the toll what was acknowledged and does not stand in the home."""
    marks: dict[tuple[str, str], str] = {}
    records = set()
    # The last act may have been done and not said: then it stands in place of an earlier one.
    trying: tuple[str, ...] = ()
    for line in said:
        words = line.split()
        if words[0] == "try":
            trying = tuple(words[1:])
        elif words[0] == "mark":
            marks[words[1], words[2]] = words[3]
            toll.marks += 1
        elif words[0] == "sign":
            records.add(words[1])
            toll.records += 1
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        kept = {record.id for record in panel.projection.records(card.fingerprint)}
        toll.missing += [f"record {identity}" for identity in records - kept]
        rubric = judging.rubric_of(panel, marker.stage)
        sheets = {
            view.entry.id: unpack(rubric, view.marks) for view in judging.sheets(panel, marker)
        }
        for (entry, criterion), mark in marks.items():
            found = sheets[entry].get(criterion)
            if found != mark and (entry, criterion, found) != trying:
                toll.missing.append(f"mark {entry} {criterion} {mark}, found {found}")
        checks = keeping.check(home, panel)
        toll.unsound += [str(item.detail) for item in checks if not item.ok]
