"""The inner views of rules, rubrics and assignment for ``tests.shots``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.shots import Studio


def take(studio: Studio) -> None:
    """Take the tabs of Panel & rubrik, the end of the rules, the editor's mistakes and preview."""
    for number, name in ((1, "people-rubric"), (2, "people-assignment")):
        for path in studio.looks("desk", name):
            people: Any = studio.window.go_to("people")
            people.tabs.setCurrentIndex(number)
            studio.settle()
            studio.take(studio.window, path)
            people.tabs.setCurrentIndex(0)
    for path in studio.looks("desk", "rules-end"):
        rules: Any = studio.window.go_to("rules")
        studio.settle()
        end = rules._words_rows["groups"].controls[0]
        end.setFocus()
        around = rules.parentWidget().parentWidget()
        around.ensureWidgetVisible(end)
        studio.settle()
        studio.take(studio.window, path)
        around.ensureVisible(0, 0)
    for path in studio.looks("desk", "rubric-mistake"):
        page = _editor(studio, "malang-2021")
        draft = page._view.draft
        page.tree.setCurrentItem(page._item((1,)))
        page.fields.node_name.setText("")
        page.fields.weight.setText("dua puluh")
        page.fields._typed()
        page._rest.stop()
        studio.settle()
        studio.take(studio.window, path)
        page._unstored = False
        page._set(draft, (), stored=True)
    for path in studio.looks("desk", "rubric-preview"):
        page = _editor(studio, "kovablik-presentasi")
        page.tabs.setCurrentIndex(1)
        studio.settle()
        studio.take(studio.window, path)
        page.tabs.setCurrentIndex(0)


def _editor(studio: Studio, rubric: str) -> Any:
    page: Any = studio.window.go_to("rubric")
    studio.settle()
    page._open(rubric)
    studio.settle()
    return page
