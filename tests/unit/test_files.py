import os
import stat
import sys
from pathlib import Path

import pytest

from kipp_desktop.errors import KippError
from kipp_desktop.files import cannot_read, whole_file, write_whole


def names(folder):
    return sorted(item.name for item in folder.iterdir())


def test_a_file_is_written_with_its_folders(tmp_path):
    path = tmp_path / "a" / "b" / "file"

    write_whole(path, b"isi")

    assert path.read_bytes() == b"isi"
    assert names(path.parent) == ["file"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "file"
    path.write_bytes(b"lama")

    with pytest.raises(error), whole_file(path) as file:  # noqa: PT012 - the body is the case
        file.write(b"ba")
        raise error

    assert path.read_bytes() == b"lama"
    assert names(tmp_path) == ["file"]


def test_the_new_file_is_not_there_before_it_is_whole(tmp_path):
    path = tmp_path / "file"

    with whole_file(path) as file:
        file.write(b"baru")
        file.flush()
        assert not path.exists()

    assert path.read_bytes() == b"baru"


def test_the_system_is_asked_to_sync_before_the_name_appears(tmp_path, monkeypatch):
    path = tmp_path / "file"
    seen = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: (seen.append(path.exists()), real(number)))

    write_whole(path, b"isi")

    assert seen[0] is False
    if sys.platform != "win32":
        assert seen[1:] == [True]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    for path in (tmp_path / "file" / "below", tmp_path):
        with pytest.raises(KippError) as caught:
            write_whole(path, b"isi")
        assert caught.value.code == "cannot-write"
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    path = tmp_path / "file"

    with pytest.raises(KippError) as caught, whole_file(path) as file:  # noqa: PT012
        full = os.open("/dev/full", os.O_WRONLY)
        try:
            os.write(full, b"isi")
        finally:
            os.close(full)
            assert file.writable()

    assert caught.value.code == "cannot-write"
    assert "the disk is full" in str(caught.value)
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_a_private_file_is_its_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        write_whole(tmp_path / "file", b"isi", private=True)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_reading_failure_says_which_file(tmp_path):
    error = cannot_read(tmp_path / "stik.kipp", OSError(5, "Input/output error"))

    assert error.code == "cannot-read"
    assert "stik.kipp" in str(error)
    assert "damaged or was pulled out" in str(error)
