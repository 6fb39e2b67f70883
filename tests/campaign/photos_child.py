"""Bring 200 photos of 4 MB in, carry them, read them back; prints what it took as JSON."""

import hashlib
import json
import os
import resource
import statistics
import sys
import threading
import time
from pathlib import Path

from kipp_desktop.exchange.bundle import Blob, write_bundle
from kipp_desktop.services.context import Context
from kipp_desktop.services.evidence import Brought, Shelf, bring
from kipp_desktop.storage.blobs import Blobs

PAIRS = 5


def main(folder: Path) -> None:
    shelf = Shelf(Blobs(folder, "originals"), Blobs(folder))
    files = sorted((folder / "card").iterdir())
    found = Brought()
    stalls = []

    def work() -> None:
        nonlocal found
        for some in bring(Context(folder), shelf, files):
            found += some

    thread = threading.Thread(target=work)
    start = last = time.perf_counter()
    thread.start()
    while thread.is_alive():
        time.sleep(0.005)
        now = time.perf_counter()
        stalls.append(now - last)
        last = now
    brought = time.perf_counter() - start

    # Writing reads back and compares what the medium holds. Pairs, one after the other, because
    # others use the machine too: each write stands between two copies.
    blobs = [Blob(path.name, path) for path in (folder / "originals").iterdir()]
    ratios = []
    before = _copy_and_hash(files, folder / "copy")
    for _ in range(PAIRS):
        start = time.perf_counter()
        write_bundle(folder / "foto.kipp", competition="0" * 64, purpose="observations",
                     ledgers=[], blobs=blobs, hashed=False)  # fmt: skip
        written = time.perf_counter() - start
        (folder / "foto.kipp").unlink()
        after = _copy_and_hash(files, folder / "copy")
        ratios.append(2 * written / (before + after))
        before = after
    print(
        json.dumps(
            {
                "taken": len(found.evidence),
                "brought": brought,
                "stall": max(stalls),
                "copied": before,
                "written": written,
                "ratio": statistics.median(ratios),
                "ratios": ratios,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10,
                "child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10,
            }
        )
    )


def _copy_and_hash(files: list[Path], target: Path) -> float:
    """Copy the files' bytes to one file, synced, and hash them once."""
    start = time.perf_counter()
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for path in files:
            with path.open("rb") as source:
                while chunk := source.read(1 << 20):
                    out.write(chunk)
                    digest.update(chunk)
        out.flush()
        os.fsync(out.fileno())
    took = time.perf_counter() - start
    target.unlink()
    return took


if __name__ == "__main__":
    main(Path(sys.argv[1]))
