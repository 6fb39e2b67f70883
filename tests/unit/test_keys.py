import base64
import json
import stat
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.keys import (
    competition_id,
    new_identity,
    read_card,
    save_identity,
    system_randomness,
    unlock,
)
from tests.examples import COMPETITION, JUDGE, NONCE, key_of, seed
from tests.strategies import json_values


def fixed(size):
    return bytes(range(size))


def identity(**changes):
    values = {"competition": COMPETITION, "person": "juri-1", "name": "Juri 1", "role": "member"}
    return new_identity(seed("judge"), **{**values, **changes})


def saved(folder, passphrase=None, **changes):
    path = folder / "juri.json"
    save_identity(identity(**changes), path, passphrase, fixed)
    return path


def refuses(code, path, passphrase=None):
    with pytest.raises(KippError) as caught:
        unlock(path, passphrase)
    assert caught.value.code == code
    assert str(caught.value)


@pytest.mark.parametrize("passphrase", [None, "kopi pahit", "", "é😀"])
def test_an_identity_comes_back_and_signs_with_the_same_key(tmp_path, passphrase):
    path = tmp_path / "juri.json"
    kept = save_identity(identity(pdf_key=b"der"), path, passphrase, fixed)

    opened = unlock(path, passphrase)

    assert opened.key.private_bytes_raw() == seed("judge")
    assert opened.pdf_key == b"der"
    assert opened.card == kept.card == read_card(path)
    assert opened.fingerprint == JUDGE
    assert opened.card.protected == (passphrase is not None)


def test_a_wrong_or_missing_passphrase_is_told(tmp_path):
    path = saved(tmp_path, "kopi pahit")

    refuses("wrong-passphrase", path, "kopi manis")
    refuses("wrong-passphrase", path, "")
    refuses("passphrase-needed", path)
    assert read_card(path).name == "Juri 1"


@pytest.mark.parametrize("field", ["name", "person", "competition", "role"])
def test_what_may_be_read_openly_cannot_be_changed_behind_a_passphrase(tmp_path, field):
    path = saved(tmp_path, "kopi pahit")
    value = json.loads(path.read_text())
    value[field] = "lain"
    path.write_text(json.dumps(value))

    refuses("wrong-passphrase", path, "kopi pahit")


def test_the_seed_does_not_stand_in_a_protected_file(tmp_path):
    data = saved(tmp_path, "kopi pahit", pdf_key=b"rahasia besar").read_bytes()

    for secret in (seed("judge"), b"rahasia besar"):
        assert secret not in data
        assert secret.hex().encode() not in data
        assert base64.b64encode(secret) not in data


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_the_file_is_its_owners_alone_even_after_a_crash_left_a_part(tmp_path):
    (tmp_path / "juri.json.part").write_text("half")
    (tmp_path / "juri.json.part").chmod(0o666)

    path = saved(tmp_path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in tmp_path.iterdir()] == ["juri.json"]


@pytest.mark.parametrize("passphrase", [None, "kopi pahit"])
def test_the_same_randomness_gives_the_same_bytes(tmp_path, passphrase):
    assert saved(tmp_path, passphrase).read_bytes() == saved(tmp_path, passphrase).read_bytes()


def test_other_randomness_gives_other_bytes(tmp_path):
    one = saved(tmp_path, "kopi pahit").read_bytes()
    save_identity(identity(), tmp_path / "juri.json", "kopi pahit", system_randomness)

    assert (tmp_path / "juri.json").read_bytes() != one


def test_a_file_that_is_not_there_is_told(tmp_path):
    refuses("unreadable", tmp_path / "nowhere.json")


@pytest.mark.parametrize("passphrase", [None, "kopi pahit"])
def test_a_damaged_file_is_told(tmp_path, passphrase):
    path = saved(tmp_path, passphrase)
    whole = path.read_bytes()
    # Argon2id takes a while; without a passphrase every second byte is tried.
    for place in range(0, len(whole), 2 if passphrase is None else 97):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        path.write_bytes(bytes(damaged))
        with pytest.raises(KippError):
            unlock(path, passphrase)


@pytest.mark.parametrize(
    "change",
    [
        {"key": None},
        {"key": "%%%"},
        {"key": ""},
        {"key": 7},
        {"name": None},
        {"role": ["desk"]},
        {"format": "x"},
        {"version": 2},
        {"envelope": None},
        {"envelope": {}},
        {"envelope": {"kdf": "rot13", "secrets": ""}},
        {"envelope": {"kdf": "none", "secrets": "[[]]"}},
        {"envelope": {"kdf": "none", "secrets": base64.b64encode(b"[]").decode()}},
        {"envelope": {"kdf": "none", "secrets": base64.b64encode(b"[" * 100_000).decode()}},
    ],
)
def test_a_file_of_another_form_is_told(tmp_path, change):
    path = saved(tmp_path)
    value = {**json.loads(path.read_text()), **change}
    path.write_text(json.dumps(value))

    refuses("bad-identity", path, "x")


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 2**40},
        {"memory_kib": 0},
        {"memory_kib": -1},
        {"memory_kib": 1.5},
        {"memory_kib": float("inf")},
        {"memory_kib": True},
        {"iterations": 10**9},
        {"lanes": 2**24},
        {"salt": "zz"},
        {"salt": ""},
        {"nonce": ""},
        {"secrets": "?"},
        {"secrets": None},
    ],
)
def test_an_envelope_cannot_ask_for_endless_work_or_crash(tmp_path, change):
    path = saved(tmp_path, "kopi pahit")
    value = json.loads(path.read_text())
    value["envelope"].update(change)
    path.write_text(json.dumps(value))

    refuses("bad-identity", path, "kopi pahit")


def test_the_key_of_another_seed_is_not_taken(tmp_path):
    path = saved(tmp_path)
    value = json.loads(path.read_text())
    secrets = json.dumps({"pdf_key": None, "seed": seed("other").hex()}).encode()
    value["envelope"]["secrets"] = base64.b64encode(secrets).decode()
    path.write_text(json.dumps(value))

    refuses("bad-identity", path)


@settings(max_examples=100)
@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_no_identity(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(data)

    for read in (read_card, lambda file: unlock(file, "x")):
        with pytest.raises(KippError):
            read(path)


def test_deeply_nested_bytes_are_no_identity(tmp_path):
    (tmp_path / "deep").write_bytes(b"[" * 1_000_000)

    refuses("bad-identity", tmp_path / "deep")


def test_a_competition_is_named_by_the_desks_key_and_the_nonce():
    from hashlib import sha256

    from kipp_desktop.exchange.sshsig import public_blob

    blob = public_blob(key_of("desk").public_key())

    assert competition_id(blob, bytes.fromhex(NONCE)) == COMPETITION
    assert sha256(blob + bytes.fromhex(NONCE)).hexdigest() == COMPETITION
