"""A file larger than what is free: it is said, nothing is half-stored, and with room it works."""

import hashlib
import json
import os
import subprocess
import sys

import pytest

from kipp_desktop.exchange.bundle import Blob, write_bundle
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.attacks.hands import Hand
from tests.flow.kipp import kipp

resource = pytest.importorskip("resource")

KIPP = "import sys; from kipp_desktop.cli import main; sys.exit(main(sys.argv[1:]))"
PHOTO = os.urandom(1 << 20) * 8


@pytest.fixture
def small(scored, tmp_path_factory):
    """The desk's home on a real, small file system; where none may be mounted, without one."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting needs the right to; a limit on file sizes stands for it")
    try:
        copy = folder / "sekretariat"
        subprocess.run(["cp", "-r", scored.desk, copy], check=True)
        scored.desk = copy
        yield scored
    finally:
        subprocess.run(["umount", folder], check=True)


def large(competition, name="Juri 1"):
    """Write the judge's file with an attachment of 8 MiB."""
    hand = Hand.at(competition.home(name))
    path = competition.folder / "besar.kipp"
    write_bundle(path, competition=hand.competition, purpose="sheets",
                 ledgers=[hand.ledger, hand.desk],
                 blobs=[Blob(hashlib.sha256(PHOTO).hexdigest(), PHOTO)])  # fmt: skip
    return path


def state_of(home):
    opened = Home(Context(home))
    with opened.open(opened.choose(None)) as panel:
        files = sorted(
            (path.relative_to(panel.folder).as_posix(), path.read_bytes())
            for folder in ("ledgers", "forks", "blobs")
            for path in (panel.folder / folder).rglob("*")
            if path.is_file()
        )
        return panel.projection.dump(), files


def test_a_file_larger_than_the_disk_is_refused_and_taken_when_there_is_room(small):
    path = large(small)
    before = state_of(small.desk)

    answer = kipp(small.desk, "merge", path)

    assert answer.status == 1
    (said,) = answer.json["files"]
    assert said["outcome"] == "refused"
    assert said["reason"] in answer.err
    assert state_of(small.desk) == before
    subprocess.run(
        ["mount", "-o", "remount,size=64m", small.desk.parent], check=True, capture_output=True
    )
    assert small.merge(path) == ["merged"]


def test_a_disk_that_takes_no_more_bytes_at_all_loses_nothing(small):
    filler = small.desk.parent / "penuh"
    before = state_of(small.desk)
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass

    answer = kipp(small.desk, "merge", small.file("Juri 1"))

    assert answer.status == 1
    assert "Traceback" not in answer.err
    assert answer.out
    filler.unlink()
    assert state_of(small.desk) == before
    assert small.merge(small.file("Juri 1")) == ["merged"]


def test_a_file_that_may_not_be_written_to_its_end_is_refused(scored):
    """The same where nothing can be mounted: no file of the process may pass 4 MiB."""
    path = large(scored)
    before = state_of(scored.desk)

    ran = subprocess.run(
        [sys.executable, "-c", KIPP, "--home", scored.desk, "--json", "merge", path],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 1, ran.stderr
    (said,) = json.loads(ran.stdout)["files"]
    assert said["outcome"] == "refused"
    assert "Traceback" not in ran.stderr
    assert state_of(scored.desk) == before
    assert scored.merge(path) == ["merged"]
