"""Somebody has a judge's file, or the judge's key, and changes its bytes: each file is refused.

The container fits every time: sums, signers and names are made anew, as an attacker would.
"""

import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kipp_desktop.exchange import sshsig
from kipp_desktop.exchange.ledger_file import sign_ledger
from tests.attacks.bytes_of import members_of, with_new_sums
from tests.attacks.hands import Hand
from tests.flow.kipp import kipp


@pytest.fixture(scope="module")
def day(_scored, tmp_path_factory):
    """Both judges have handed in; whatever is refused leaves the desk as it was."""
    day = _scored.copy(tmp_path_factory.mktemp("day"))
    day.merge(day.file("Juri 2"))
    day.before = day.rank()
    return day


def forged(day, change):
    """Write Juri 1's file with ``change(lines, signature, hand)`` in place of the ledger."""
    hand = Hand.at(day.home("Juri 1"))
    members = members_of(day.file("Juri 1").read_bytes())
    name = f"ledgers/{hand.key}.ndjson"
    lines = members[name].splitlines(keepends=True)
    lines, signature = change(lines, members[f"{name}.sig"], hand)
    members[name], members[f"{name}.sig"] = b"".join(lines), signature
    armours = [data for part, data in members.items() if part.endswith(".sig")]
    try:
        signers = {sshsig.allowed_signer(sshsig.open_signature(data)[0]) for data in armours}
        members["allowed_signers"] = b"".join(sorted(signers))
    except sshsig.BadSignatureError:
        pass  # of another kind of key: there is no line that would fit
    path = day.folder / "palsu.kipp"
    path.write_bytes(with_new_sums(members))
    return path


def refused(day, path):
    answer = kipp(day.desk, "merge", path)
    (said,) = answer.json["files"]
    assert (answer.status, said["outcome"], said["records"]) == (1, "refused", 0)
    assert said["reason"]
    assert day.rank() == day.before
    return said["reason"]


def test_the_file_as_it_is_would_be_taken(day, tmp_path):
    same = forged(day, lambda lines, signature, _: (lines, signature))

    assert same.read_bytes() == day.file("Juri 1").read_bytes()
    assert day.copy(tmp_path).merge(same) == ["merged"]


#: A ledger of the enrolment and three sheets, changed; those of the first kind break the chain.
BROKEN = {
    "a removed record": lambda lines: [*lines[:1], *lines[2:]],
    "reordered": lambda lines: [lines[0], lines[2], lines[1], lines[3]],
    "a record twice": lambda lines: [*lines, lines[-1]],
    "a removed first record": lambda lines: lines[1:],
}
CHANGED = {
    "a changed mark": lambda lines: [line.replace(b'"efektif":"6"', b'"efektif":"9"')
                                     for line in lines],
    "the last record removed": lambda lines: lines[:-1],
    "all but the enrolment removed": lambda lines: lines[:1],
}  # fmt: skip


@pytest.mark.parametrize("change", [*BROKEN, *CHANGED])
def test_a_ledger_changed_after_it_was_signed_is_refused(day, change):
    def make(lines, signature, _):
        new = {**BROKEN, **CHANGED}[change](lines)
        assert new != lines
        return new, signature

    refused(day, forged(day, make))


@pytest.mark.parametrize("change", BROKEN)
def test_a_broken_chain_is_refused_though_the_judges_own_key_signed_it(day, change):
    def make(lines, _, hand):
        new = BROKEN[change](lines)
        return new, sign_ledger(hand.identity.key, b"".join(new))

    refused(day, forged(day, make))


def test_an_older_file_of_a_laptop_takes_nothing_back(day, tmp_path):
    """The last records removed, and signed: so it was once, and so a restored laptop has it."""
    desk = day.copy(tmp_path)
    desk.merge(desk.file("Juri 1"))
    before = desk.rank()

    def make(lines, _, hand):
        return lines[:-1], sign_ledger(hand.identity.key, b"".join(lines[:-1]))

    assert desk.merge(forged(desk, make)) == ["nothing-new"]
    assert desk.rank() == before


def test_a_record_of_another_judge_in_my_ledger_is_refused(day):
    other = Hand.at(day.home("Juri 2"))

    def make(lines, _, hand):
        new = [*lines, other.lines[-1] + b"\n"]
        return new, sign_ledger(hand.identity.key, b"".join(new))

    refused(day, forged(day, make))


def test_a_ledger_signed_by_another_key_is_refused(day):
    other = Hand.at(day.home("Juri 2"))

    refused(
        day,
        forged(day, lambda lines, *_: (lines, sign_ledger(other.identity.key, b"".join(lines)))),
    )


@pytest.mark.parametrize(
    "options",
    [("-n", "file"), ("-n", "ledger@kipp-desktop", "-O", "hashalg=sha256")],
    ids=["another namespace", "another hash"],
)
def test_a_signature_by_ssh_keygen_for_something_else_is_refused(day, tmp_path, options):
    def make(lines, _, hand):
        secret = hand.identity.key.private_bytes(
            Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()
        )
        return lines, by_ssh_keygen(tmp_path, secret, b"".join(lines), options)

    refused(day, forged(day, make))


def test_a_signature_by_ssh_keygen_for_this_is_taken(day, tmp_path):
    def make(lines, signature, hand):
        secret = hand.identity.key.private_bytes(
            Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()
        )
        made = by_ssh_keygen(tmp_path, secret, b"".join(lines), ("-n", "ledger@kipp-desktop"))
        assert made == signature
        return lines, made

    forged(day, make)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_signature_of_another_algorithm_is_refused(day, tmp_path, kind):
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", tmp_path / kind], check=True)
    secret = (tmp_path / kind).read_bytes()

    def make(lines, *_):
        signature = by_ssh_keygen(tmp_path, secret, b"".join(lines), ("-n", "ledger@kipp-desktop"))
        return lines, signature

    refused(day, forged(day, make))


def by_ssh_keygen(folder, secret, message, options):
    """Sign with the stock tool."""
    key = folder / "geheim"
    key.write_bytes(secret)
    key.chmod(0o600)
    return subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", key, *options],
        input=message, capture_output=True, check=True,
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"efektif":"8"', '"efektif":"8","efektif":"9"'),
        ('"marks":{', '"marks":{},"marks":{'),
        ('"reason":null', '"reason":"\\ud800"'),
        ('"reason":null', '"reason":"\\udfff\\ud800"'),
        ('"reason":null', '"reason":"e\u0301"'),
        ('"reason":null', '"reason":' + "9" * 6_000),
        ('"reason":null', '"reason":' + "[" * 17 + "]" * 17),
        ('"reason":null', '"reason":' + "[" * 100_000 + "]" * 100_000),
        ('"reason":null', '"reason":' + '{"a":' * 100_000 + "1" + "}" * 100_000),
        ('"reason":null', '"reason":"' + "x" * (1 << 20) + '"'),
        ('"reason":null', '"reason":NaN'),
        ('"reason":null', '"reason":-Infinity'),
        ('"efektif":"8"', '"efektif":NaN'),
        ('"efektif":"8"', '"efektif":1e400'),
        ('"efektif":"8"', '"efektif":8'),
        ('"efektif":"8"', '"efektif":"08"'),
        ('"efektif":"8"', '"efektif":"8.0"'),
        ('"efektif":"8"', '"efektif":"\u0668"'),
        ('"efektif":"8"', '"efektif":"8e0"'),
        ('"seq":2', '"seq":2.0'),
        ('"seq":2', '"seq":9007199254740993'),
        ('"seq":2', '"seq":-2'),
        ('"v":1', '"v":true'),
        ('"v":1', '"v":2'),
        ('"v":1}', '"v":1} '),
        ('"v":1}', '"v":1}\r'),
        ('{"at"', '\ufeff{"at"'),
        ('"reason":null', '"reason":"\0"'),
    ],
)  # fmt: skip
def test_bytes_that_no_laptop_writes_are_refused_though_the_judges_key_signed_them(day, old, new):
    def make(lines, _, hand):
        first = lines[1].decode()
        assert old in first
        changed = first.replace(old, new, 1).encode("utf-8", "surrogatepass")
        data = [lines[0], changed, *lines[2:]]
        return data, sign_ledger(hand.identity.key, b"".join(data))

    refused(day, forged(day, make))


def test_bytes_that_are_no_utf_8_are_refused(day):
    def make(lines, _, hand):
        data = [lines[0], lines[1].replace(b"null", b'"\xed\xa0\x80"', 1), *lines[2:]]
        return data, sign_ledger(hand.identity.key, b"".join(data))

    refused(day, forged(day, make))
