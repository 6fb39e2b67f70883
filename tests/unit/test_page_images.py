"""Pages of a PDF as pictures."""

import io

import pytest
from reportlab.pdfgen import canvas

from kipp_desktop.documents.page_images import render_pages
from kipp_desktop.errors import KippError


def pdf(pages):
    data = io.BytesIO()
    sheet = canvas.Canvas(data, pagesize=(200, 300))
    for number in range(pages):
        sheet.setFillColorRGB(1, 0, 0)
        sheet.rect(0, 150, 200, 150, stroke=0, fill=1)
        sheet.drawString(20, 20, f"Halaman {number + 1}")
        sheet.showPage()
    sheet.save()
    return data.getvalue()


def test_every_page_is_rendered_at_the_width_that_was_asked_for():
    images = render_pages(pdf(3), 400)

    assert [(image.width, image.height) for image in images] == [(400, 600)] * 3
    assert all(len(image.pixels) == image.stride * image.height for image in images)


def test_pixels_are_blue_green_red():
    image = render_pages(pdf(1), 100)[0]

    assert image.pixels[:3] == b"\x00\x00\xff"
    assert image.pixels[-4:-1] == b"\xff\xff\xff"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"no pdf at all"])
def test_a_file_that_is_no_pdf_is_refused_with_a_sentence(data):
    with pytest.raises(KippError) as caught:
        render_pages(data, 100)

    assert caught.value.code == "bad-pdf"
