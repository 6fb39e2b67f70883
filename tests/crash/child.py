"""A judge who marks and signs until the program is killed; every acknowledged act is said aloud.

``python -m tests.crash.child HOME`` forks one marking child for each line on its input: the imports
are paid once; with ``--acts=N`` it marks itself, and stops after so many. With
``--acknowledge-first`` or ``--sync-seldom`` it is a program that loses marks. A child writes ``try
ENTRY CRITERION VALUE`` before it sets a mark and ``mark …`` after the call returned, and ``sign
RECORD`` for each record that it signed.
"""

import os
import random
import sys
from fractions import Fraction
from itertools import count
from pathlib import Path

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.services import judging
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home


def say(words):
    """Say a line; the parent counts it as acknowledged."""
    os.write(1, f"{words}\n".encode())


def mark_until_killed(home, seed, acts=None):
    """Set marks and sign complete sheets, forever."""
    choices = random.Random(seed)
    first = "--acknowledge-first" in sys.argv
    with home.open(home.choose()) as panel:
        if "--sync-seldom" in sys.argv:
            panel.drafts._database.execute_sql("PRAGMA synchronous = NORMAL")
        card = home.card(panel.competition, "member")
        identity = home.unlock(card)
        marker = judging.marker_of(panel, card)
        entries = [entry.id for entry in panel.setup.entries]
        criteria = [leaf.id for leaf in judging.rubric_of(panel, marker.stage).judged.leaves]
        for _ in count() if acts is None else range(acts):
            entry, criterion = choices.choice(entries), choices.choice(criteria)
            mark = Fraction(choices.randint(1, 10))
            told = f"{entry} {criterion} {format_decimal(mark)}"
            say(f"try {told}")
            if first:
                say(f"mark {told}")
            judging.set_mark(home, panel, marker, entry, criterion, mark)
            if not first:
                say(f"mark {told}")
            if choices.randrange(4) == 0:
                before = panel.projection.ledger(card.fingerprint).seq
                judging.submit(home, panel, marker, identity, None, "Diperbaiki")
                for record in panel.projection.records(card.fingerprint):
                    if record.seq > before:
                        say(f"sign {record.id}")


def main():
    """Fork a marking child for every line of the input, and say its process id."""
    home = Home(Context(Path(sys.argv[1])))
    for option in sys.argv[2:]:
        if option.startswith("--acts="):
            mark_until_killed(home, 0, int(option.partition("=")[2]))
            return
    for seed, _ in enumerate(sys.stdin):
        child = os.fork()
        if child == 0:
            try:
                mark_until_killed(home, seed)
            finally:
                os._exit(70)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
