"""Writing files so that a power cut leaves the old or the new one, never half of one."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open ``path`` for writing beside itself; on success it is synced and takes its place.

    A stick pulled out or a full disk raises :class:`KippError` with code ``cannot-write`` and
    leaves what was there before.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What a crash left here would keep its own file mode.
        part.unlink(missing_ok=True)
        descriptor = os.open(
            part,
            os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0),
            0o600 if private else 0o666,
        )
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise cannot_write(path, error) from error
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` to ``path``, whole or not at all."""
    with whole_file(path, private=private) as file:
        file.write(data)


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows keeps folders by itself and cannot open them."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason_of(error: OSError) -> Text | str:
    """Return what the system says is wrong, in words where they are known."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


_REASONS = {
    errno.ENOENT: Text("it is not there"),
    errno.EACCES: Text("this user may not open it"),
    errno.EPERM: Text("this user may not open it"),
    errno.EISDIR: Text("it is a folder"),
    errno.ENOTDIR: Text("a folder on the way to it is a file"),
    errno.ENOSPC: Text("the disk is full"),
    errno.EROFS: Text("the medium is write-protected"),
    errno.EIO: Text("the medium is damaged or was pulled out"),
    errno.ENODEV: Text("the medium was pulled out"),
}


def cannot_write(path: Path, error: OSError) -> KippError:
    """Return the error that says why a file could not be written."""
    return KippError(
        "cannot-write",
        Text(
            "The file {file} could not be written: {reason}.",
            file=path.name,
            reason=reason_of(error),
        ),
        Text("Nothing was changed. Check the stick or the disk, make room, and try again."),
    )


def cannot_read(path: Path, error: OSError) -> KippError:
    """Return the error that says why a file could not be read."""
    return KippError(
        "cannot-read",
        Text(
            "The file {file} could not be read: {reason}.",
            file=path.name,
            reason=reason_of(error),
        ),
        Text("Check that it is there and that the stick is in, and try again."),
    )
