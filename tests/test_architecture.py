"""The walls of the house: which room imports what, and what no start may pay for.

import-linter holds the same rules, also for indirect imports; this runs wherever pytest runs.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kipp_desktop

PACKAGE = Path(kipp_desktop.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = {"cli", "gui", "services", "storage", "documents", "exchange", "domain"}
FOUNDATION = {"errors", "texts", "catalogue", "assets", "paths", "files", "settings", "journal"}
MAY_IMPORT = {
    "cli": {"services", "storage", "documents", "exchange", "domain"},
    "gui": {"services", "storage", "documents", "exchange", "domain"},
    "services": {"storage", "documents", "exchange", "domain"},
    "storage": {"domain"},
    "documents": {"domain"},
    "exchange": {"domain"},
    "domain": set(),
}
OWNERS = {
    "PySide6": "gui",
    "shiboken6": "gui",
    "peewee": "storage",
    "playhouse": "storage",
    "sqlite3": "storage",
    "reportlab": "documents",
    "pyhanko": "documents",
    "pyhanko_certvalidator": "documents",
    "xlsxwriter": "documents",
    "python_calamine": "exchange",
    "PIL": "exchange",
}
HEAVY = [
    "PIL",
    "PySide6",
    "cryptography.x509",
    "pyhanko",
    "pypdfium2",
    "python_calamine",
    "reportlab",
    "xlsxwriter",
]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module
            if node.module == "kipp_desktop":
                yield from (
                    f"kipp_desktop.{alias.name}"
                    for alias in node.names
                    if not alias.name.startswith("__")
                )


def place(path):
    """Return the room of a module, or its own name where it stands in no room."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def name(path):
    return path.relative_to(PACKAGE).as_posix()


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_point_down(path):
    here = place(path)
    if here == "__main__":
        return
    allowed = FOUNDATION | MAY_IMPORT.get(here, set()) | ({here} & ROOMS)

    for imported in imports(path):
        top, _, rest = imported.partition(".")
        if top == "kipp_desktop" and rest:
            assert rest.split(".")[0] in allowed, f"{name(path)} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_each_library_is_named_in_one_room_only(path):
    for imported in imports(path):
        owner = OWNERS.get(imported.split(".")[0])
        assert owner in {None, place(path)}, f"{name(path)} imports {imported}"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if place(path) in {"domain", "texts", "errors"}], ids=name
)
def test_the_core_knows_the_standard_library_only(path):
    allowed = sys.stdlib_module_names - {"sqlite3"}

    for imported in imports(path):
        if imported.startswith("kipp_desktop."):
            assert imported.split(".")[1] in {"domain", "texts", "errors"}, imported
        else:
            assert imported.split(".")[0] in allowed | {"kipp_desktop"}, imported


@pytest.mark.parametrize("path", [path for path in MODULES if place(path) == "domain"], ids=name)
def test_the_domain_asks_no_clock_and_opens_no_file(path):
    banned = {"os", "pathlib", "random", "secrets", "shutil", "subprocess", "tempfile", "time"}

    assert banned.isdisjoint(imported.split(".")[0] for imported in imports(path))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"now", "today", "utcnow"}, f"{name(path)}:{node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "open", f"{name(path)}:{node.lineno}"


def test_every_room_stands_in_the_rules():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}

    assert folders == ROOMS
    assert files <= FOUNDATION


def test_starting_the_command_line_loads_nothing_heavy():
    finished = run(
        "import sys, kipp_desktop.cli\n"
        "kipp_desktop.cli.main\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    assert finished.stderr == ""
    assert finished.stdout.strip() == "[]"


def test_the_core_runs_where_qt_is_absent():
    names = [
        ".".join(("kipp_desktop", *path.relative_to(PACKAGE).with_suffix("").parts))
        for path in MODULES
        if place(path) not in {"gui", "__main__"} and path.stem != "__main__"
    ]
    finished = run(
        "import sys, importlib\n"
        "sys.modules['PySide6'] = None\n"
        f"for name in {names!r}: importlib.import_module(name.removesuffix('.__init__'))\n"
        "print('all imported')"
    )

    assert finished.stderr == ""
    assert finished.stdout.strip() == "all imported"
