"""Fuzz one reader: ``python -m tests.campaign.fuzz READER FOLDER SECONDS``.

The folder holds the inputs to begin with and takes those that reach something new. Ends with 77
at the first input of which the reader says neither yes nor no; it then lies in FOLDER-found.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kipp_desktop"]):
    from tests.campaign.seeds import changed
    from tests.readers import READERS, feed

#: Of containers most changes seal them anew: what merely breaks a seal goes no further.
CONTAINERS = {"bundle", "verified", "merged", "backup"}
#: An instrumented reader is slower than the one that is shipped.
SLOWER = 8


def main(name: str, folder: str, seconds: str) -> None:
    assert name in READERS
    # The fuzzer ends the process itself: a name of its own would be left behind each time.
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()
    scratch = Path(memory, f"kipp-fuzz-{name}")

    def one(data: bytes) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        feed(name, data, scratch, soon=SLOWER)

    def mutate(data: bytes, size: int, number: int) -> bytes:
        chance = random.Random(number)
        if chance.randrange(8):
            new = changed(data, lambda part: atheris.Mutate(part, len(part) + 64), chance)
            if new is not None and len(new) <= size:
                return new
        return atheris.Mutate(data, size)

    found = Path(f"{folder}-found")
    found.mkdir(exist_ok=True)
    arguments = [sys.argv[0], folder, f"-max_total_time={seconds}", "-timeout=30",
                 "-rss_limit_mb=4096", f"-artifact_prefix={found}/", "-max_len=262144",
                 "-print_final_stats=1"]  # fmt: skip
    custom = {"custom_mutator": mutate} if name in CONTAINERS else {}
    atheris.Setup(arguments, one, **custom)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
