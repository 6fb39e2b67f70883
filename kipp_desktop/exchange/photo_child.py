"""What runs in a process of its own: foreign photos and documents, decoded under strict limits.

A crafted picture makes a decoder allocate without bound or abort. So
:mod:`kipp_desktop.exchange.photos` starts this file as a child, under a memory and a time limit,
and reads the lines that it leaves behind. The file imports nothing of the program; a frozen program
starts itself with :data:`CHILD_ARGUMENT` instead.
"""

from __future__ import annotations

import json
import math
import re
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

CHILD_ARGUMENT = "--read-photos"

MAX_SIDE = 30_000  # pixels
MAX_PIXELS = 64_000_000  # of a picture that is decoded whole
MAX_JPEG_PIXELS = 250_000_000  # a JPEG is decoded at a fraction of its size
COPY_SIDE = 2_000
THUMB_SIDE = 320
_QUALITY = 85

_DATED = re.compile(r"([0-9]{4}):([0-9]{2}):([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})")
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _CHANGED = 0x9003, 0x0132


class RefusedError(Exception):
    """The file breaks a rule: ``problem`` is a word for the parent, ``values`` what it names."""

    def __init__(self, problem: str, **values: int) -> None:
        super().__init__(problem, values)
        self.problem = problem
        self.values = values


def format_of(start: bytes) -> str:
    """Return what a file is by its first bytes: ``JPEG``, ``PNG``, ``PDF``, or a word of why not.

    Its name says nothing.
    """
    if start.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if start.startswith(b"%PDF-"):
        return "PDF"
    if start[4:8] == b"ftyp":
        return "video" if start[8:11] in {b"mp4", b"iso", b"M4V", b"qt "} else "heic"
    return "other" if start else "empty"


def _photo(source: Path, kind: str, copy: Path, thumb: Path, side: int) -> dict[str, object]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limits say which, before anything is decoded
    with Image.open(source, formats=[kind]) as picture:
        width, height = picture.size
        most = MAX_JPEG_PIXELS if kind == "JPEG" else MAX_PIXELS
        if max(width, height) > MAX_SIDE or width * height > most:
            raise RefusedError("pixels", width=width, height=height)
        facts = _facts(picture)
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture)
        plain = _flat(upright)
        turned = upright.size[0] < upright.size[1]
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    plain.save(copy, "JPEG", quality=_QUALITY)
    plain.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.BILINEAR)
    plain.save(thumb, "JPEG", quality=_QUALITY)
    short, long = sorted((width, height))
    size = (short, long) if turned else (long, short)
    return {"format": kind, "width": size[0], "height": size[1], **facts}


def _flat(picture: Any) -> Any:
    """Return the pixels alone, what is transparent on white: no EXIF, no profile, no comment."""
    from PIL import Image

    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = Image.new("RGB", clear.size, "white")
        white.paste(clear, mask=clear.getchannel("A"))
        return white
    found = picture.convert("RGB")
    found.info.clear()
    return found


def _facts(picture: Any) -> dict[str, object]:
    """Return the camera's time and place; what is not readable is not there."""
    taken, position = "", None
    with suppress(Exception):
        exif = picture.getexif()
        text = exif.get_ifd(_EXIF).get(_TAKEN) or exif.get(_CHANGED) or ""
        found = _DATED.match(str(text))
        if found:
            year, *rest = found.groups()
            moment = "{}-{}-{}T{}:{}:{}".format(year, *rest)
            from datetime import datetime

            datetime.fromisoformat(moment)
            taken = moment
    with suppress(Exception):
        position = _position(picture.getexif().get_ifd(_GPS))
    return {"taken": taken, "position": position}


def _position(gps: Any) -> list[float] | None:
    if not gps or 2 not in gps or 4 not in gps:
        return None
    found = []
    for value, ref, negative, most in ((gps[2], gps[1], "S", 90), (gps[4], gps[3], "W", 180)):
        degrees, minutes, seconds = (float(part) for part in value)
        number = degrees + minutes / 60 + seconds / 3600
        if not math.isfinite(number) or not 0 <= number <= most:
            return None
        found.append(round(-number if str(ref).strip("\0 ").upper() == negative else number, 6))
    return None if found == [0.0, 0.0] else found


def _document(source: Path, thumb: Path) -> dict[str, object]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise RefusedError("password" if "password" in str(error).lower() else "damaged") from error
    pages = len(document)
    if not pages:
        raise RefusedError("damaged")
    page = document[0]
    width, height = page.get_size()
    if not (0 < width < 20_000 and 0 < height < 20_000):
        raise RefusedError("damaged")
    image = page.render(scale=THUMB_SIDE / max(width, height)).to_pil()
    image.convert("RGB").save(thumb, "JPEG", quality=_QUALITY)
    document.close()
    return {
        "format": "PDF",
        "width": 0,
        "height": 0,
        "pages": pages,
        "taken": "",
        "position": None,
    }


def look(source: Path, copy: Path, thumb: Path, side: int) -> dict[str, object]:
    """Decode one file, write its copy and thumbnail, and return what it is, or its problem."""
    try:
        with source.open("rb") as file:
            kind = format_of(file.read(32))
        if kind == "PDF":
            return _document(source, thumb)
        if kind not in {"JPEG", "PNG"}:
            raise RefusedError(kind)
        return _photo(source, kind, copy, thumb, side)
    except RefusedError as refused:
        return {"problem": refused.problem, "values": refused.values}
    except MemoryError:
        return {"problem": "memory", "values": {}}
    except Exception:  # noqa: BLE001 - whatever a decoder says of foreign bytes, they are damaged
        return {"problem": "damaged", "values": {}}


def _limit(memory: int, seconds: int) -> None:
    if sys.platform == "win32":
        return
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def main(arguments: Sequence[str]) -> int:
    """Work off the list ``arguments[0]``, a line of JSON an answer in ``arguments[1]``; return 0.

    ``arguments[2]`` is the memory limit in bytes, ``arguments[3]`` that of the processor's seconds.
    The list is ``[[source, copy, thumb, side]]``. Before each file a line ``{}`` says that it was
    begun: the time of each is counted from there.
    """
    warnings.simplefilter("ignore")
    _limit(int(arguments[2]), int(arguments[3]))
    jobs = json.loads(Path(arguments[0]).read_bytes())
    with Path(arguments[1]).open("ab", buffering=0) as answers:
        for source, copy, thumb, side in jobs:
            answers.write(b"{}\n")
            answer = look(Path(source), Path(copy), Path(thumb), side)
            answers.write(json.dumps(answer).encode() + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
