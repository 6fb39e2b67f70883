"""The minutes, changed behind the seal by whoever has the file: each is found, and named."""

import io

import pypdfium2
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from kipp_desktop.documents.certificates import make_certificate, new_rsa_key
from kipp_desktop.documents.pdf_signing import seal_pdf
from kipp_desktop.services.checking import verify
from kipp_desktop.services.context import Context
from tests.attacks.hands import Hand
from tests.flow.kipp import done


@pytest.fixture(scope="module")
def result(_published):
    return _published.folder / "hasil"


@pytest.fixture(scope="module")
def minutes(result):
    return (result / "berita-acara.pdf").read_bytes()


def text_of(pdf):
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def painted(pdf, words):
    """Append a revision that covers the first page's middle and writes other words there."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    stamp = f"q 1 g 40 300 500 300 re f Q BT /F9 14 Tf 60 450 Td ({words}) Tj ET".encode()
    font = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Font"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Type1"),
            generic.pdf_name("/BaseFont"): generic.pdf_name("/Helvetica"),
        }
    )
    resources = generic.DictionaryObject(
        {
            generic.pdf_name("/Font"): generic.DictionaryObject(
                {generic.pdf_name("/F9"): writer.add_object(font)}
            )
        }
    )
    writer.add_stream_to_page(
        0, writer.add_object(generic.StreamObject(stream_data=stamp)), resources
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def unsealed(pdf):
    """Return the revision before the first seal: what the desk had before it signed."""
    first = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return pdf[: pdf.index(b"%%EOF") + len(b"%%EOF\n")], first


def checks(tmp_path, result, pdf, beside=True):
    path = tmp_path / "berita-acara.pdf"
    path.write_bytes(pdf)
    files = [result / "hasil.kipp", path] if beside else [path]
    found = verify(Context(tmp_path), files)
    return found.ok, {check.name for check in found.checks if not check.ok}


def test_the_minutes_as_they_are_hold(tmp_path, result, minutes):
    assert checks(tmp_path, result, minutes) == (True, set())


@pytest.mark.parametrize("beside", [True, False])
def test_a_later_revision_that_changes_a_place_is_found(tmp_path, result, minutes, beside):
    forged = painted(minutes, "Peringkat 1: Peta Baper")
    assert forged.startswith(minutes)
    assert "Peringkat 1: Peta Baper" in text_of(forged)

    ok, wrong = checks(tmp_path, result, forged, beside)

    assert not ok
    assert "seal" in wrong


def test_a_later_revision_sealed_by_another_key_is_found(tmp_path, result, minutes):
    key = new_rsa_key()
    at = PdfFileReader(io.BytesIO(minutes)).embedded_signatures[0].self_reported_timestamp
    certificate = make_certificate(key, "ab" * 32, at, serial_seed=b"s" * 16)
    forged = seal_pdf(
        painted(minutes, "Peringkat 1: Peta Baper"), key, certificate, signed_at=at,
        reason="Ketua", field="Ketua",
    )  # fmt: skip

    ok, wrong = checks(tmp_path, result, forged)

    assert not ok
    assert {"document", "seal"} <= wrong


def test_minutes_rolled_back_to_before_their_seal_are_found(tmp_path, result, minutes):
    bare = unsealed(minutes)[0]
    assert text_of(bare) == text_of(minutes)

    ok, wrong = checks(tmp_path, result, bare)

    assert not ok
    assert {"document", "seal"} <= wrong


def test_minutes_of_an_earlier_publication_are_not_those_of_the_newer_results(published, tmp_path):
    """The whole document is rolled back: sealed, whole, and superseded by the results."""
    first = (published.folder / "hasil" / "berita-acara.pdf").read_bytes()
    hand = Hand.at(published.home("Juri 1"))
    place = next(r for r in reversed(hand.records) if r.kind == "score-sheet")
    done(published.desk, "decide", "reopen", "presentasi", "--reason", "Salah ketik")
    body = {**place.body, "marks": dict.fromkeys(place.body["marks"], "10"),
            "supersedes": place.id, "reason": "Salah ketik"}  # fmt: skip
    hand.sign("score-sheet", body)
    published.merge(hand.write(published.folder / "lagi.kipp"))
    done(published.desk, "publish", "--out", published.folder / "baru")
    assert checks(
        tmp_path, published.folder / "baru",
        (published.folder / "baru" / "berita-acara.pdf").read_bytes(),
    ) == (True, set())  # fmt: skip

    ok, wrong = checks(tmp_path, published.folder / "baru", first)

    assert not ok
    assert "document" in wrong


def test_a_document_signed_again_under_a_certificate_of_the_same_name_is_found(
    published, tmp_path, minutes, result
):
    desk = Hand.at(published.desk, "desk")
    bare, first = unsealed(minutes)
    at = first.self_reported_timestamp
    key = new_rsa_key()
    certificate = make_certificate(key, desk.key, at, serial_seed=b"s" * 16)
    name = first.signer_cert.subject.native["common_name"]
    forged = seal_pdf(
        painted(bare, "Peringkat 1: Peta Baper"), key, certificate, signed_at=at,
        reason="Berita acara",
    )  # fmt: skip
    again = PdfFileReader(io.BytesIO(forged)).embedded_signatures[0]
    assert again.signer_cert.subject.native["common_name"] == name

    ok, wrong = checks(tmp_path, result, forged)

    assert not ok
    assert "document" in wrong
