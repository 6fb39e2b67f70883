from __future__ import annotations

import hashlib
import io
import re
import subprocess
from datetime import datetime, timedelta

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.documents.certificates import (
    certificate_pem,
    certificate_sha256,
    key_from_der,
    key_to_der,
    make_certificate,
    new_rsa_key,
    read_certificate,
)
from kipp_desktop.documents.minutes import render_minutes
from kipp_desktop.documents.pdf_checking import LARGEST, check_pdf, is_published_revision
from kipp_desktop.documents.pdf_signing import seal_pdf
from kipp_desktop.errors import KippError
from tests.unit.report_examples import FINGERPRINT, PRINTED_AT, WIB, report

AT = datetime(2021, 4, 1, 12, 0, tzinfo=WIB)


@pytest.fixture(scope="module")
def key():
    return new_rsa_key()


@pytest.fixture(scope="module")
def certificate(key):
    return make_certificate(key, FINGERPRINT, PRINTED_AT, serial_seed=b"s" * 16)


@pytest.fixture(scope="module")
def pem(certificate):
    return certificate_pem(certificate)


@pytest.fixture(scope="module")
def unsealed():
    return render_minutes(report(3, absent=0), Catalogue.load("id"))


@pytest.fixture(scope="module")
def sealed(unsealed, key, certificate):
    return seal_pdf(unsealed, key, certificate, signed_at=PRINTED_AT, reason="Berita acara final")


@pytest.fixture(scope="module")
def signed_twice(sealed):
    other = new_rsa_key()
    certificate = make_certificate(other, "ab" * 32, PRINTED_AT, serial_seed=b"t" * 16)
    at = PRINTED_AT + timedelta(days=1)
    return seal_pdf(sealed, other, certificate, signed_at=at, reason="Ketua", field="Ketua")


def outside_of_contents(sealed: bytes) -> list[int]:
    """Return the positions that the seal covers: all but the gap of its own hex digits."""
    ranges = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", sealed)
    first, length, start, rest = map(int, ranges[-1])
    return [*range(first, first + length), *range(start, start + rest)]


def pdfsig(pdf: bytes, folder) -> str:
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    return subprocess.run(
        ["pdfsig", "-nocert", file], capture_output=True, text=True, check=False
    ).stdout


def test_the_certificate_names_the_key_and_nobody(certificate):
    subject = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)

    assert [name.value for name in subject] == [
        f"KIPP Desktop {FINGERPRINT[:16]} (tidak tersertifikasi)"
    ]
    assert len(list(certificate.subject)) == 1
    assert certificate.issuer == certificate.subject


def test_the_certificate_may_sign_documents_for_twenty_years(certificate):
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc

    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert [oid.dotted_string for oid in extended] == [
        "1.3.6.1.5.5.7.3.36",
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
    ]
    assert certificate.not_valid_before_utc == PRINTED_AT
    assert lasts == timedelta(days=20 * 365 + 5)
    assert certificate.public_key().key_size == 3072


def test_the_same_arguments_make_the_same_certificate(key, certificate):
    again = make_certificate(key, FINGERPRINT, PRINTED_AT, serial_seed=b"s" * 16)
    other = make_certificate(key, FINGERPRINT, PRINTED_AT, serial_seed=b"u" * 16)

    assert again == certificate
    assert other.serial_number != certificate.serial_number
    assert 0 < certificate.serial_number < 2**159


def test_key_and_certificate_survive_their_files(key, certificate, pem):
    assert read_certificate(pem) == certificate
    assert key_from_der(key_to_der(key)).private_numbers() == key.private_numbers()


@pytest.mark.parametrize("read", [read_certificate, key_from_der])
def test_what_is_no_key_or_certificate_is_refused(read):
    with pytest.raises(KippError):
        read(b"nothing of the kind")


def test_stock_tools_find_the_seal_valid(sealed, tmp_path):
    said = pdfsig(sealed, tmp_path)
    checked = subprocess.run(
        ["qpdf", "--check", tmp_path / "signed.pdf"], capture_output=True, text=True, check=False
    )

    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_seal_only_appends(unsealed, sealed):
    assert sealed.startswith(unsealed)


def test_a_sealed_file_is_whole_and_by_the_expected_certificate(sealed, certificate, pem):
    checked = check_pdf(sealed, pem, AT)

    assert checked.problems == ()
    (signature,) = checked.signatures
    assert signature.signer == f"KIPP Desktop {FINGERPRINT[:16]} (tidak tersertifikasi)"
    assert signature.certificate_sha256 == certificate_sha256(certificate)
    assert signature.expected
    assert signature.signed_at == PRINTED_AT
    assert signature.whole
    assert signature.covers_all
    assert signature.bottom_line
    assert signature.later_changes == "none"
    assert signature.end == len(sealed)


def test_another_certificate_is_not_the_expected_one(sealed, key):
    other = make_certificate(key, FINGERPRINT, PRINTED_AT, serial_seed=b"x" * 16)

    (signature,) = check_pdf(sealed, certificate_pem(other), AT).signatures

    assert not signature.expected


def test_an_unsigned_file_is_told_so(unsealed):
    checked = check_pdf(unsealed, None, AT)

    assert checked.signatures == ()
    assert [problem.source for problem in checked.problems] == [
        "The file carries no electronic signature."
    ]


def test_a_changed_byte_is_found_wherever_it_stands(sealed):
    positions = outside_of_contents(sealed)
    step = len(positions) // 120

    unnoticed = []
    for position in [*positions[::step], positions[-1]]:
        changed = bytearray(sealed)
        changed[position] ^= 1
        try:
            checked = check_pdf(bytes(changed), None, AT)
        except KippError:
            continue
        if not checked.problems:
            unnoticed.append(position)

    assert unnoticed == []


def test_a_later_signature_leaves_the_seal_valid(sealed, signed_twice, pem, tmp_path):
    checked = check_pdf(signed_twice, pem, AT)

    assert checked.problems == ()
    seal, later = checked.signatures
    assert (seal.bottom_line, later.bottom_line) == (True, True)
    assert (seal.expected, later.expected) == (True, False)
    assert (seal.covers_all, later.covers_all) == (False, True)
    assert seal.later_changes == "signatures"
    assert seal.end == len(sealed)
    assert pdfsig(signed_twice, tmp_path).count("Signature is Valid") == 2


def test_a_visible_signature_of_another_tool_leaves_the_seal_valid(sealed, pem):
    key = new_rsa_key()
    certificate = make_certificate(key, "cd" * 32, PRINTED_AT, serial_seed=b"v" * 16)
    others = SimpleCertificateStore()
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key_to_der(key)),
        cert_registry=others,
    )
    stamped = PdfSigner(
        PdfSignatureMetadata(field_name="Tampak", subfilter=SigSeedSubFilter.PADES),
        signer=signer,
        stamp_style=TextStampStyle(stamp_text="Ditandatangani"),
        new_field_spec=SigFieldSpec("Tampak", on_page=-1, box=(60, 60, 200, 120)),
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sealed)))

    checked = check_pdf(stamped.getvalue(), pem, datetime.now(tz=WIB))

    assert checked.problems == ()
    assert [signature.bottom_line for signature in checked.signatures] == [True, True]


def test_painting_over_a_page_after_the_seal_is_found(sealed, pem, tmp_path):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    paint = generic.StreamObject(stream_data=b"1 1 1 rg 0 400 600 100 re f")
    writer.add_stream_to_page(0, writer.add_object(paint))
    output = io.BytesIO()
    writer.write(output)

    checked = check_pdf(output.getvalue(), pem, AT)

    # The common tool is silent: that is why pyHanko's bottom line decides.
    assert "Signature is Valid" in pdfsig(output.getvalue(), tmp_path)
    (seal,) = checked.signatures
    assert seal.whole
    assert seal.later_changes == "other"
    assert not seal.bottom_line
    assert "The file was changed after the signature in field “{field}”." in [
        problem.source for problem in checked.problems
    ]


def test_changed_metadata_after_the_seal_is_found(sealed, pem):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root[pdf_name("/Lang")] = generic.TextStringObject("en")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)

    checked = check_pdf(output.getvalue(), pem, AT)

    assert checked.problems


def test_bytes_after_the_seal_are_found(sealed):
    assert check_pdf(sealed + b"\n% appended\n", None, AT).problems


def test_the_seal_holds_to_the_end_of_its_certificate_and_not_beyond(sealed):
    late = PRINTED_AT + timedelta(days=19 * 365)
    too_late = PRINTED_AT + timedelta(days=21 * 365)

    assert check_pdf(sealed, None, late).problems == ()
    assert [problem.source for problem in check_pdf(sealed, None, too_late).problems] == [
        "The certificate of the signature in field “{field}” was not in force on {date}."
    ]


def test_a_document_with_a_later_signature_is_still_the_published_one(sealed, signed_twice):
    digest = hashlib.sha256(sealed).hexdigest()

    assert is_published_revision(sealed, digest, len(sealed), AT)
    assert is_published_revision(signed_twice, digest, len(sealed), AT)


def test_other_additions_are_not_the_published_document(sealed, unsealed, signed_twice):
    digest = hashlib.sha256(sealed).hexdigest()
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    paint = generic.StreamObject(stream_data=b"0 0 600 800 re f")
    writer.add_stream_to_page(0, writer.add_object(paint))
    painted = io.BytesIO()
    writer.write(painted)

    assert not is_published_revision(painted.getvalue(), digest, len(sealed), AT)
    assert not is_published_revision(sealed + b"x", digest, len(sealed), AT)
    assert not is_published_revision(unsealed, digest, len(sealed), AT)
    assert not is_published_revision(signed_twice[:-1], digest, len(sealed), AT)
    assert not is_published_revision(sealed, "00" * 32, len(sealed), AT)
    assert not is_published_revision(b"", hashlib.sha256(b"").hexdigest(), 0, AT)


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(KippError) as refused:
        check_pdf(bytes(LARGEST + 1), None, AT)

    assert refused.value.code == "pdf-too-large"


def test_a_truncated_file_is_refused_or_reported(sealed):
    for length in range(0, len(sealed), len(sealed) // 40):
        try:
            checked = check_pdf(sealed[:length], None, AT)
        except KippError:
            continue
        assert checked.problems, length


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_report_or_a_refusal(data):
    try:
        checked = check_pdf(data, None, AT)
    except KippError:
        return
    assert checked.problems


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_damage_to_a_sealed_file_gives_a_report_or_a_refusal(data, sealed):
    start = data.draw(st.integers(0, len(sealed) - 1))
    length = data.draw(st.integers(0, 400))
    filling = data.draw(st.binary(max_size=100))

    try:
        check_pdf(sealed[:start] + filling + sealed[start + length :], None, AT)
    except KippError:
        return
