"""Backups that were made by others: refused before anything of the home is changed."""

import pytest

from tests.attacks.bytes_of import members_of, zip_of
from tests.flow.kipp import done, kipp


@pytest.fixture(scope="module")
def home(_planned, tmp_path_factory):
    """A desk with its backup beside it; what is refused leaves it as it is."""
    copy = _planned.copy(tmp_path_factory.mktemp("home"))
    done(copy.desk, "backup", "--out", copy.folder / "rumah.kippbackup")
    copy.members = members_of((copy.folder / "rumah.kippbackup").read_bytes())
    return copy


def files_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def ending(members, end):
    return next(name for name in members if name.endswith(end))


def without(end):
    return lambda members: members.pop(ending(members, end))


def with_bytes(end, data):
    return lambda members: members.update({ending(members, end): data})


def cut_ledger(members):
    name = max((n for n in members if n.endswith(".ndjson")), key=lambda n: len(members[n]))
    members[name] = members[name][: members[name].index(b"\n") + 1]


def other_desk(members):
    name = ending(members, "competition.json")
    members[name] = members[name].replace(b'"desk": "', b'"desk": "00', 1)


CHANGES = {
    "nothing at all": lambda members: members.clear(),
    "only its mark": lambda members: [members.pop(n) for n in list(members)[1:] if ".json" in n],
    "a signature without its ledger": without(".ndjson"),
    "a ledger without its signature": without(".ndjson.sig"),
    "a ledger cut behind its first line": cut_ledger,
    "no competition.json": without("competition.json"),
    "a competition.json that is no text": with_bytes("competition.json", b"\xff\xfe{"),
    "a competition.json that is a list": with_bytes("competition.json", b"[]"),
    "a competition of another desk": other_desk,
    "a database that is none": with_bytes("panel.sqlite", b"SQLite format 3\0" + bytes(4096)),
    "a database of text": with_bytes("panel.sqlite", b"x" * 8192),
    "an identity that is none": with_bytes(".json", b"\xff"),
    "a last competition that is no text": with_bytes("competitions/last", b"\xff\xff"),
    "a blob gone": lambda members: [members.pop(n) for n in list(members) if "/blobs/" in n],
    "a way out of the home": lambda members: members.update({"competitions/../../x": b""}),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("there", [True, False])
def test_a_backup_that_cannot_be_used_changes_nothing(home, tmp_path, change, there):
    members = dict(home.members)
    CHANGES[change](members)
    assert members != home.members
    path = tmp_path / "palsu.kippbackup"
    path.write_bytes(zip_of(list(members.items())))
    folder = home.desk if there else tmp_path / "baru"
    before = files_of(folder)

    answer = kipp(folder, "restore", path)

    assert answer.status == 1
    assert answer.code
    assert files_of(folder) == before
