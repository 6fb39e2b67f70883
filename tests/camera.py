"""Photos as a phone makes them, drawn here: with a place, a clock, a turn, or none of it."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image, ImageDraw

#: A village hall that is nobody's.
PLACE = (-7.95, 112.61)


def photo(
    path,
    number=1,
    *,
    size=(1200, 900),
    taken=datetime(2021, 3, 18, 9, 30),  # noqa: DTZ001 - a camera
    place=None,
    turned=False,
    kind="JPEG",
    noise=False,
):
    """Write a photo that says its number and return its path.

    ``taken`` and ``place`` (degrees north and east) go into its EXIF; ``turned`` is how a phone
    held upright stores it; ``noise`` makes it as large as a real one.
    """
    colour = (40 + number * 37 % 160, 60 + number * 53 % 140, 80 + number * 71 % 120)
    picture = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    width, height = size
    if not noise:
        draw.rectangle((0, 0, width, height), fill=colour)
        draw.rectangle((0, height * 2 // 3, width, height), fill=(90, 110, 70))
    draw.ellipse((width // 3, height // 4, width * 2 // 3, height * 3 // 4), fill=(235, 225, 200))
    draw.text((width // 2 - 40, height // 2 - 40), str(number), fill="black", font_size=80)
    exif = Image.Exif()
    exif[0x010F] = "Kamera uji"
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if place is not None:
        gps = exif.get_ifd(0x8825)
        for ref, value, letters, degrees in (
            (1, 2, "NS", place[0]),
            (3, 4, "EW", place[1]),
        ):
            gps[ref] = letters[degrees < 0]
            gps[value] = _parts(abs(degrees))
    if turned:
        exif[0x0112] = 6
    picture.save(path, kind, exif=exif, quality=90)
    return path


def _parts(degrees):
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = round((degrees - whole - minutes / 60) * 3600, 2)
    return (float(whole), float(minutes), seconds)


def pdf(path, pages=1):
    """Write a document and return its path."""
    from reportlab.pdfgen.canvas import Canvas

    data = io.BytesIO()
    canvas = Canvas(data)
    for number in range(pages):
        canvas.drawString(100, 700, f"Dokumen, halaman {number + 1}")
        canvas.showPage()
    canvas.save()
    path.write_bytes(data.getvalue())
    return path
