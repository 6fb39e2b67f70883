import io
import tomllib
from dataclasses import replace
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from kipp_desktop.assets import asset
from kipp_desktop.documents.rubric_book import render_rubric_book
from kipp_desktop.domain.rubric import examine_rubric, read_rubric
from kipp_desktop.domain.rubric_draft import (
    LevelDraft,
    NodeDraft,
    RubricDraft,
    ScaleDraft,
    draft_of,
    examine_draft,
    inserted,
    moved,
    node_at,
    removed,
    table_of,
    walk,
    weight_sums,
    with_node,
)
from kipp_desktop.domain.sheet_preview import preview
from kipp_desktop.exchange.rubric_sheet import rubric_of_workbook
from kipp_desktop.exchange.spreadsheet import read_workbook
from kipp_desktop.exchange.toml_text import toml_text
from kipp_desktop.services.rubrics import SECTIONS, read_rubric_file, write_rubric_file
from tests.strategies import json_values
from tests.worlds import _rubric_table, rubrics

TREE = RubricDraft(
    id="r",
    name="R",
    scale=ScaleDraft("0", "100"),
    criteria=(
        NodeDraft(id="a", name="A", weight="30"),
        NodeDraft(
            id="b",
            name="B",
            weight="70",
            children=(
                NodeDraft(id="b1", name="B1", weight="1"),
                NodeDraft(id="b2", name="B2", weight="1,50"),
            ),
        ),
    ),
)


@given(rubrics())
def test_a_rubric_is_the_same_after_it_was_a_draft(world):
    rubric = read_rubric(_rubric_table(world, "r"))

    again, mistakes = examine_draft(draft_of(rubric.as_json()))

    assert mistakes == ()
    assert again == rubric


@given(rubrics())
def test_a_rubric_is_the_same_after_it_was_toml(world):
    rubric = read_rubric(_rubric_table(world, "r"))

    text = toml_text(rubric.as_json(), sections=SECTIONS)

    assert read_rubric(tomllib.loads(text)) == rubric


@given(st.text())
@example('a\n"b"\t\\ \r\x00\x7f')
def test_any_text_comes_back_from_toml(value):
    clean = value.encode("utf-8", "replace").decode()

    text = toml_text({"a b": [{"c": value, "d": [True, 7]}]}, sections=frozenset({"a b"}))

    assert tomllib.loads(text) == {"a b": [{"c": clean, "d": [True, 7]}]}


@given(st.dictionaries(st.sampled_from(["id", "name", "total", "scale", "criterion"]), json_values))
def test_any_table_gives_a_draft_and_a_rubric_or_its_mistakes(table):
    rubric, mistakes = examine_draft(draft_of(table))

    assert (rubric is None) == bool(mistakes)


def test_every_mistake_is_told_at_once_with_its_place():
    broken = with_node(TREE, (0,), NodeDraft(id="A!", name=" ", weight="dua", marked_by="x"))
    broken = with_node(
        broken, (1, 1), NodeDraft(id="b2", name="B2", levels=(LevelDraft("9", "1", "?"),))
    )
    broken = replace(broken, total="rata-rata", scale=ScaleDraft("1", "1"))

    rubric, mistakes = examine_draft(broken)

    assert rubric is None
    assert [(item.place, item.field) for item in mistakes] == [
        ((), "total"),
        ((), "scale"),
        ((0,), "id"),
        ((0,), "name"),
        ((0,), "weight"),
        ((0,), "marked_by"),
        ((1, 1), "levels"),
    ]
    assert all(str(item.problem) for item in mistakes)


def test_what_is_wrong_between_criteria_is_told_once_each_is_right():
    twice = with_node(TREE, (1, 1), NodeDraft(id="a", name="B2", weight="0"))
    twice = with_node(twice, (1, 0), NodeDraft(id="b1", name="B1", weight="0"))

    _, mistakes = examine_draft(twice)

    assert [(item.place, item.field) for item in mistakes] == [((1, 1), "id"), ((1, 0), "weight")]


def test_levels_that_leave_marks_out_overlap_or_lie_outside_are_warned_of():
    levels = [("0", "3"), ("3", "5"), ("9", "11")]
    table = {
        "id": "r",
        "name": "R",
        "total": "sum",
        "scale": {"min": "0", "max": "10"},
        "criterion": [
            {"id": "c", "name": "C", "levels": [{"from": a, "to": b, "text": "?"}
                                               for a, b in levels]}
        ],
    }  # fmt: skip

    rubric, _ = examine_rubric(table)

    assert [str(item) for item in rubric.warnings()] == [
        "A level of “C” (9 to 11) lies outside its scale.",
        "No level of “C” describes the mark 6.",
        "Two levels of “C” describe the mark 3.",
    ]


def test_the_sums_follow_every_level_while_weights_are_typed():
    assert [(item.place, item.total) for item in weight_sums(TREE)] == [
        ((), 100),
        ((1,), Fraction(5, 2)),
    ]

    typing = with_node(TREE, (0,), NodeDraft(id="a", name="A", weight="3x"))

    assert weight_sums(typing)[0].total is None


def test_a_decimal_may_be_typed_with_a_comma_and_zeros():
    node = node_at(TREE, (1, 1))

    rubric, _ = examine_draft(TREE)

    assert node.weight == "1,50"
    assert rubric.leaves[2].criterion.weight == Fraction(3, 2)


def test_criteria_are_inserted_moved_and_removed_at_any_place():
    more = inserted(TREE, (1, 0), NodeDraft(name="Baru"))
    up = moved(more, (1, 0), 2)
    away = removed(up, (0,))

    assert [node.name for _, node in walk(more)] == ["A", "B", "Baru", "B1", "B2"]
    assert [node.name for _, node in walk(up)] == ["A", "B", "B1", "B2", "Baru"]
    assert [node.name for _, node in walk(away)] == ["B", "B1", "B2", "Baru"]
    assert [place for place, _ in walk(away)] == [(0,), (0, 0), (0, 1), (0, 2)]


def test_empty_ids_are_made_of_the_names_and_are_never_the_same():
    draft = replace(
        TREE, criteria=(*TREE.criteria, NodeDraft(name="A"), NodeDraft(name="Dampak Nyata"))
    )

    table = table_of(draft)

    assert [item["id"] for item in table["criterion"]] == ["a", "b", "a-2", "dampak-nyata"]


def test_the_preview_shows_what_each_part_adds_at_most():
    rubric, _ = examine_draft(TREE)

    rows = preview(rubric).rows

    assert [(row.id, row.depth, row.most) for row in rows] == [
        ("a", 0, 30),
        ("b", 0, 70),
        ("b1", 1, 28),
        ("b2", 1, 42),
    ]
    assert [row.scale is None for row in rows] == [False, True, False, False]


def test_each_rubric_of_the_catalogue_comes_back_from_its_spreadsheet(tmp_path):
    for path in sorted(asset("resources", "rubrics").glob("*.toml")):
        rubric = read_rubric(tomllib.loads(path.read_text("utf-8")))
        (tmp_path / "r.xlsx").write_bytes(render_rubric_book(rubric))

        draft = rubric_of_workbook(read_workbook(tmp_path / "r.xlsx"), "r")

        assert examine_draft(draft)[0] == rubric


def test_a_rubric_in_a_file_comes_back_as_toml_and_as_a_spreadsheet(tmp_path):
    rubric, _ = examine_draft(TREE)

    for name in ("r.toml", "r.xlsx"):
        write_rubric_file(rubric, tmp_path / name)

        assert examine_draft(read_rubric_file(tmp_path / name))[0] == rubric


def test_a_table_that_somebody_typed_needs_only_criteria_and_weights(tmp_path):
    table = io.StringIO()
    table.write("Rubrik lomba 2024;;;\nSkala;0;100;\n;;;\n")
    table.write("No;Aspek;Bobot (%);Dinilai oleh;Deskriptor 1\n")
    table.write("1;Kebaruan;40%;Juri;0 s.d. 50: biasa\n2;Kehadiran kepala;12,5;Panel;\n;;;;\n")
    (tmp_path / "lomba.csv").write_text(table.getvalue(), "utf-8")

    draft = read_rubric_file(tmp_path / "lomba.csv")
    rubric, mistakes = examine_draft(draft)

    assert mistakes == ()
    assert (rubric.id, rubric.name) == ("lomba", "lomba")
    assert [(c.id, c.weight, c.marked_by) for c in rubric.criteria] == [
        ("kebaruan", 40, "judge"),
        ("kehadiran-kepala", Fraction(25, 2), "panel"),
    ]
    level = rubric.criteria[0].levels[0]
    assert (level.start, level.end, level.text) == (0, 50, "biasa")
