import base64
import hashlib
import struct
import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.exchange import sshsig
from tests.examples import key_of

KEY = key_of("judge")
BLOB = sshsig.public_blob(KEY.public_key())
MESSAGE = b"satu baris\n"
DIGEST = hashlib.sha512(MESSAGE).digest()
SIGNATURE = sshsig.sign(KEY, DIGEST)


def keygen(*arguments, message=MESSAGE):
    return subprocess.run(
        ["ssh-keygen", *map(str, arguments)], input=message, capture_output=True, check=False
    )


def private_file(folder, key=KEY):
    path = folder / "key"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    path.chmod(0o600)
    return path


def test_ssh_keygen_accepts_our_signature_and_only_of_these_bytes(tmp_path):
    (tmp_path / "allowed").write_bytes(sshsig.allowed_signer(BLOB))
    (tmp_path / "sig").write_bytes(SIGNATURE)
    check = ("-Y", "verify", "-f", tmp_path / "allowed", "-s", tmp_path / "sig", "-I",
             sshsig.fingerprint(BLOB), "-n")  # fmt: skip

    good = keygen(*check, sshsig.NAMESPACE)
    changed = keygen(*check, sshsig.NAMESPACE, message=MESSAGE + b"x")
    other_namespace = keygen(*check, "file")

    assert good.returncode == 0, good.stderr
    assert good.stdout.startswith(b'Good "ledger@kipp-desktop" signature for ')
    assert changed.returncode != 0
    assert other_namespace.returncode != 0


def test_ssh_keygen_signs_byte_for_byte_as_we_do(tmp_path):
    made = keygen("-Y", "sign", "-f", private_file(tmp_path), "-n", sshsig.NAMESPACE)

    assert made.returncode == 0, made.stderr
    assert made.stdout == SIGNATURE
    assert sshsig.verify(made.stdout, DIGEST) == BLOB


@pytest.mark.parametrize(
    "options", [("-n", "file"), ("-n", sshsig.NAMESPACE, "-O", "hashalg=sha256")]
)
def test_a_signature_of_another_namespace_or_hash_is_refused(tmp_path, options):
    made = keygen("-Y", "sign", "-f", private_file(tmp_path), *options)
    assert made.returncode == 0, made.stderr

    with pytest.raises(sshsig.BadSignatureError):
        sshsig.verify(made.stdout, DIGEST)


@pytest.mark.parametrize(("kind", "bits"), [("rsa", 2048), ("ecdsa", 256)])
def test_a_signature_of_another_algorithm_is_refused(tmp_path, kind, bits):
    keygen("-q", "-t", kind, "-b", bits, "-N", "", "-f", tmp_path / "key")
    made = keygen("-Y", "sign", "-f", tmp_path / "key", "-n", sshsig.NAMESPACE)
    assert made.stdout.startswith(b"-----BEGIN SSH SIGNATURE")

    with pytest.raises(sshsig.BadSignatureError):
        sshsig.verify(made.stdout, DIGEST)


def test_the_fingerprint_is_the_one_that_ssh_shows():
    shown = keygen(
        "-l", "-E", "sha256", "-f", "-", message=b"ssh-ed25519 " + base64.b64encode(BLOB)
    )

    expected = base64.b64encode(bytes.fromhex(sshsig.fingerprint(BLOB))).rstrip(b"=")
    assert b"SHA256:" + expected in shown.stdout, shown.stderr


def test_every_changed_byte_of_a_signature_is_refused():
    for place in range(len(SIGNATURE)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            changed = bytearray(SIGNATURE)
            changed[place] ^= flip
            with pytest.raises(sshsig.BadSignatureError):
                sshsig.verify(bytes(changed), DIGEST)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s + b"\n",
        lambda s: b"\n" + s,
        lambda s: s[:-1],
        lambda s: s.replace(b"\n", b"\r\n"),
        lambda s: s.replace(b"\n", b"", 2),
        lambda s: s + s,
        lambda _: b"",
    ],
)
def test_another_armour_is_refused(change):
    with pytest.raises(sshsig.BadSignatureError):
        sshsig.verify(change(SIGNATURE), DIGEST)


@given(st.binary(max_size=300))
def test_any_bytes_in_the_armour_are_refused(raw):
    armoured = (
        b"-----BEGIN SSH SIGNATURE-----\n" + base64.b64encode(raw) + b"\n"
        b"-----END SSH SIGNATURE-----\n"
    )
    for data in (raw, armoured):
        with pytest.raises(sshsig.BadSignatureError):
            sshsig.verify(data, DIGEST)


def test_a_blob_has_the_form_of_rfc_8709():
    assert struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + BLOB[-32:] == BLOB
