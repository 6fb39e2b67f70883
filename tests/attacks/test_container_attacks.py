import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.exchange.container import MAX_MEMBERS, content, scan
from tests.attacks.bytes_of import (
    deflate,
    deflated,
    large_file,
    members_of,
    open_bytes,
    small_file,
    with_new_sums,
    zip_of,
)
from tests.examples import JUDGE, Author, author_of, judge


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_file(tmp_path_factory.mktemp("small")).read_bytes()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return large_file(tmp_path_factory.mktemp("large")).read_bytes()


def refuses(data, code="bad-file"):
    with pytest.raises(KippError) as caught:
        open_bytes(data)
    assert caught.value.code == code
    assert str(caught.value)
    assert caught.value.next is not None


def test_the_small_file_is_small_and_good(small):
    assert len(small) < 16_384
    assert open_bytes(small).authors() == sorted([JUDGE, author_of("desk")])


def test_every_byte_flipped_is_refused(small):
    data = bytearray(small)
    for place in range(len(data)):
        data[place] ^= 0xFF
        refuses(bytes(data))
        data[place] ^= 0xFF


def test_every_single_bit_flipped_is_refused():
    data = bytearray(zip_of([("a", b"satu"), ("b", b"dua")]))
    scan(io.BytesIO(bytes(data)))
    for place in range(8 * len(data)):
        data[place // 8] ^= 1 << place % 8
        try:
            members = scan(io.BytesIO(bytes(data)))
        except KippError:
            pass
        else:
            # A name is the bundle's to check: in the local header and in the directory at once.
            pytest.fail(f"bit {place} of {members}")
        data[place // 8] ^= 1 << place % 8


def test_a_cut_file_is_refused_at_every_thousandth_byte_and_at_its_ends(small, large):
    for data in (small, large):
        for length in [
            *range(0, len(data), 1_000),
            *range(1, 40),
            *range(len(data) - 40, len(data)),
        ]:
            refuses(data[:length])


@pytest.mark.parametrize("extra", [b"\x00", b"PK", b"x" * 1_000, b"PK\x05\x06" + bytes(18)])
def test_bytes_before_between_and_after_are_refused(small, extra):
    directory = small.index(b"PK\x01\x02")
    second = small.index(b"PK\x03\x04", 1)

    for place in (0, 30, second, directory, len(small) - 22, len(small)):
        refuses(small[:place] + extra + small[place:])


def test_two_directories_or_two_files_in_one_are_refused(small):
    directory = small[small.index(b"PK\x01\x02") :]

    refuses(small + directory)
    refuses(small + small)


@pytest.mark.parametrize(
    "name",
    [
        "../kipp.json",
        "/etc/passwd",
        "C:\\kipp.json",
        "ledgers\\x",
        "KIPP.JSON",
        "blobs/../kipp.json",
        "blobs/",
        "blobs/" + "A" * 64,
        "blobs/" + "a" * 63,
        "ledgers/" + "g" * 64 + ".ndjson",
        "ledgers/" + "A" * 64 + ".ndjson",
        "ledgers/" + "a" * 64 + ".ndjson.sig",
        "forks/x.ndjson",
        "readme.txt",
        "a\x00b",
        "a\nb",
        "x" * 201,
    ],
)
def test_another_name_is_refused_wherever_it_stands(small, name):
    members = members_of(small)

    for at_start in (True, False):
        more = {name: b"x", **members} if at_start else {**members, name: b"x"}
        refuses(with_new_sums(more))
    renamed = {name if old.startswith("blobs/") else old: data for old, data in members.items()}
    refuses(with_new_sums(renamed))


@pytest.mark.parametrize("dropped", range(10))
def test_a_missing_part_is_refused(small, dropped):
    members = members_of(small)
    names = list(members)
    assert len(names) == 9
    if dropped == 9:
        refuses(with_new_sums(dict.fromkeys(names, b"")))
        return
    if names[dropped].startswith("blobs/"):
        del members[names[dropped]]
        assert open_bytes(with_new_sums(members)).blobs() == []
        return
    del members[names[dropped]]
    if names[dropped] == "SHA256SUMS":
        refuses(zip_of(list(members.items())))
    else:
        refuses(with_new_sums(members))


def test_parts_that_stand_twice_are_refused(small):
    members = list(members_of(small).items())

    for item in members:
        refuses(zip_of([item, *members]))
        refuses(zip_of([*members[:-1], item, members[-1]]))


def test_parts_in_another_order_are_refused(small):
    members = list(members_of(small).items())

    for place in range(len(members) - 1):
        swapped = list(members)
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        refuses(zip_of(swapped))


@pytest.mark.parametrize(
    "signers",
    [
        b"",
        b"* " + b'namespaces="ledger@kipp-desktop" ssh-ed25519 AAAA\n',
        None,
    ],
)
def test_replaced_allowed_signers_are_refused(small, signers):
    members = members_of(small)
    if signers is None:
        lines = members["allowed_signers"].splitlines(keepends=True)
        signers = lines[1] + lines[0]
    members["allowed_signers"] = signers

    refuses(with_new_sums(members))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("VERIFY.txt", lambda data: data + b"\n"),
        ("kipp.json", lambda data: data[:-1]),
        ("kipp.json", lambda data: data + b"\n"),
        ("kipp.json", lambda data: data.replace(b"results", b"secrets")),
        ("kipp.json", lambda data: data.replace(b'"version":1', b'"version":1.0')),
        ("kipp.json", lambda data: data.replace(b'"version":1', b'"version":true')),
        ("kipp.json", lambda data: data.replace(b'{"comp', b'{ "comp')),
        ("kipp.json", lambda data: b"[" * 3_000),
        ("kipp.json", lambda data: data.replace(b"}", b',"z":1}')),
    ],
)
def test_a_changed_heading_is_refused_though_the_sums_fit(small, name, change):
    members = members_of(small)
    members[name] = change(members[name])

    refuses(with_new_sums(members))


def test_a_newer_version_is_told_as_such(small):
    members = members_of(small)
    members["kipp.json"] = members["kipp.json"].replace(b'"version":1', b'"version":2')

    refuses(with_new_sums(members), "newer-format")


def test_a_changed_attachment_or_signature_is_refused_though_the_sums_fit(small):
    for ending in (".sig", ""):
        members = members_of(small)
        for name in members:
            if name.endswith(".sig") if ending else name.startswith("blobs/"):
                members[name] = members[name][:-2] + b"x" + members[name][-1:]
        refuses(with_new_sums(members))


def test_the_signature_of_another_key_makes_other_signers(small):
    members = members_of(small)
    stranger = Author("other")
    stranger.write("enrolment")
    members[f"ledgers/{JUDGE}.ndjson.sig"] = stranger.signature

    refuses(with_new_sums(members))


# -- deflated parts --------------------------------------------------------------------------------

TEXT = judge(3).data


def scanned(data):
    file = io.BytesIO(data)
    (member,) = scan(file)
    return b"".join(content(file, member))


def packed_file(packed, text=TEXT):
    return deflated("a", packed, len(text), zlib.crc32(text))


def test_a_deflated_part_is_read():
    assert scanned(packed_file(deflate(TEXT))) == TEXT


def test_set_padding_bits_behind_a_deflated_stream_are_refused():
    padded = 0
    for length in range(200, 300):
        text = TEXT[:length]
        packed = deflate(text)
        assert scanned(packed_file(packed, text)) == text
        for bit in range(8):
            changed = packed[:-1] + bytes([packed[-1] | 1 << bit])
            if changed == packed:
                continue
            with pytest.raises(KippError):
                scanned(packed_file(changed, text))
            padded += 1
    assert padded > 100


@pytest.mark.parametrize(
    "change",
    [
        lambda packed: packed + b"\x00",
        lambda packed: packed + packed,
        lambda packed: packed[:-1],
        lambda packed: b"",
        lambda packed: b"\xff" * len(packed),
    ],
)
def test_a_stream_with_more_or_less_than_itself_is_refused(change):
    with pytest.raises(KippError):
        scanned(packed_file(change(deflate(TEXT))))


def test_every_flipped_byte_of_a_deflated_ledger_is_refused(large):
    data = bytearray(large)
    for place in range(0, len(data), 401):
        data[place] ^= 0xFF
        refuses(bytes(data))
        data[place] ^= 0xFF


# -- bombs -----------------------------------------------------------------------------------------


def test_a_part_that_grows_beyond_measure_is_refused_before_it_is_unpacked():
    bomb = deflate(bytes(50_000_000), 9)
    assert len(bomb) < 60_000

    for size in (50_000_000, 1_000, len(bomb) * 200):
        with pytest.raises(KippError):
            scanned(deflated("a", bomb, size, zlib.crc32(bytes(50_000_000))))


def test_too_many_parts_are_refused():
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"

    with pytest.raises(KippError) as caught:
        scan(io.BytesIO(local * (MAX_MEMBERS + 2)))
    assert "20,000" in str(caught.value)


def test_a_member_that_says_it_is_larger_than_the_file_is_refused(small):
    data = bytearray(small)
    data[18:26] = struct.pack("<II", 0xFFFF_FFF0, 0xFFFF_FFF0)

    refuses(bytes(data))


def test_a_stick_pulled_out_after_the_check_is_told_and_does_not_hang(tmp_path):
    path = large_file(tmp_path)
    with Bundle.open(path) as bundle:
        path.write_bytes(path.read_bytes()[:2_000])

        with pytest.raises(KippError):
            list(bundle.ledgers())


# -- anything --------------------------------------------------------------------------------------


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data):
    refuses(data)


@given(st.binary(max_size=200))
def test_any_bytes_behind_the_magic_are_refused(data):
    refuses(b"PK\x03\x04" + data)


@given(st.lists(st.tuples(st.text(st.characters(codec="ascii"), min_size=1, max_size=20),
                          st.binary(max_size=30)), max_size=5))  # fmt: skip
def test_any_well_formed_zip_of_other_things_is_refused(members):
    refuses(zip_of(members))


@given(st.data())
def test_any_patch_of_a_good_file_is_refused_or_changes_nothing(small, data):
    start = data.draw(st.integers(0, len(small)))
    end = data.draw(st.integers(start, min(len(small), start + 50)))
    patched = small[:start] + data.draw(st.binary(max_size=50)) + small[end:]

    if patched == small:
        open_bytes(patched)
    else:
        refuses(patched)
