"""A judge who marks and signs until the program is killed; every acknowledged act is said aloud.

``python -m tests.crash.child HOME`` (or with ``--acknowledge-first``) forks one marking child for
each line on its input: the imports are paid once. A child writes ``try ENTRY CRITERION VALUE``
before it sets a mark and ``mark …`` after the call returned, and ``sign RECORD`` for each record
that it signed.
"""

import os
import random
import sys
from fractions import Fraction
from pathlib import Path

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.services import judging
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home


def say(words):
    """Say a line; the parent counts it as acknowledged."""
    os.write(1, f"{words}\n".encode())


def mark_until_killed(home, seed, first):
    """Set marks and sign complete sheets, forever."""
    choices = random.Random(seed)
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        identity = home.unlock(card)
        marker = judging.marker_of(panel, card)
        entries = [entry.id for entry in panel.setup.entries]
        criteria = [leaf.id for leaf in judging.rubric_of(panel, marker.stage).judged.leaves]
        while True:
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
    first = "--acknowledge-first" in sys.argv
    for seed, _ in enumerate(sys.stdin):
        child = os.fork()
        if child == 0:
            try:
                mark_until_killed(home, seed, first)
            finally:
                os._exit(70)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
