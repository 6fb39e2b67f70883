"""Approval and dissent: until every asked role has agreed, the publication is a draft."""

import pytest

from tests.flow.kipp import done, kipp
from tests.flow.stages import PRESENTASI, USULAN, Stages


@pytest.fixture(scope="session")
def _asked(tmp_path_factory):
    stages = Stages(tmp_path_factory.mktemp("asked")).create(approvals='approvals = ["chair"]')
    stages.mark("usulan", "gagasan", USULAN)
    done(stages.desk, "decide", "advance", "usulan", "01", "02", "--reason", "Dua terbaik")
    stages.mark("presentasi", "paparan", PRESENTASI)
    return stages


@pytest.fixture
def asked(_asked, tmp_path):
    copy = _asked.copy(tmp_path)
    copy.__class__ = Stages
    return copy


def publish(stages):
    out = stages.folder / "hasil"
    return done(stages.desk, "publish", "--out", out)["results"], out / "hasil.kipp"


def checks(stages, file):
    answer = kipp(stages.folder / "luar", "verify", file)
    found = {}
    for item in answer.json["checks"]:
        found.setdefault(item["name"], []).append((item["ok"], item["detail"]))
    return answer, found


def test_it_is_a_draft_until_the_chair_has_agreed(asked):
    first, file = publish(asked)
    draft, before = checks(asked, file)
    done(asked.home("Juri 1"), "approve", file)
    done(asked.home("Juri 1"), "hand-in", "--out", asked.folder / "setuju.kipp")
    asked.merge(asked.folder / "setuju.kipp")
    second, file = publish(asked)
    final, after = checks(asked, file)

    assert first == second
    assert draft.status == final.status == 0
    assert "approval" not in before
    assert before["approvals"][0][1] != after["approvals"][0][1]
    assert len(after["approval"]) == 1


def test_another_members_agreement_does_not_stand_for_the_chairs(asked):
    _, file = publish(asked)
    done(asked.home("Juri 2"), "approve", file)
    done(asked.home("Juri 2"), "hand-in", "--out", asked.folder / "setuju.kipp")
    asked.merge(asked.folder / "setuju.kipp")

    _, file = publish(asked)

    assert "(chair)" in checks(asked, file)[1]["approvals"][0][1]


def test_a_dissent_is_printed_and_leaves_a_draft(asked):
    _, file = publish(asked)
    done(asked.home("Juri 1"), "approve", file, "--dissent", "Nilai 02 belum dibahas")
    done(asked.home("Juri 1"), "hand-in", "--out", asked.folder / "keberatan.kipp")
    asked.merge(asked.folder / "keberatan.kipp")

    _, file = publish(asked)
    _, found = checks(asked, file)

    assert "Nilai 02 belum dibahas" in found["approval"][0][1]
    assert "(chair)" in found["approvals"][0][1]


def test_a_signature_by_hand_is_recorded_at_the_desk(asked):
    publish(asked)
    done(asked.desk, "approve", "--wet", "Juri 1")

    _, file = publish(asked)
    answer, found = checks(asked, file)

    assert answer.status == 0
    assert len(found["approval"]) == 1


def test_new_results_need_new_approval(asked):
    first, _ = publish(asked)
    done(asked.desk, "approve", "--wet", "Juri 1")
    done(asked.desk, "decide", "deviate", "02", "01", "--reason", "Manfaat lebih luas")

    second, file = publish(asked)

    assert first != second
    assert "approval" not in checks(asked, file)[1]


def test_a_result_that_does_not_hold_is_not_approved(asked):
    _, file = publish(asked)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    bad = asked.folder / "rusak.kipp"
    bad.write_bytes(bytes(data))

    answer = kipp(asked.home("Juri 1"), "approve", bad)

    assert answer.status == 1
    assert answer.code == "not-whole"


def test_the_report_has_a_sentence_for_every_promise(asked):
    _, file = publish(asked)

    answer, found = checks(asked, file)

    assert answer.status == 0
    assert {"bytes", "signatures", "forks", "seen", "heads", "receipts", "plan", "admissions",
            "closings", "sheets", "ranking", "publication", "approvals", "seal", "limits",
            "times"} <= set(found)  # fmt: skip
