"""A whole competition day on the sample: desk, judges with homes of their own, one on paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.assets import asset
from kipp_desktop.exchange.words import words_of
from kipp_desktop.files import write_whole
from kipp_desktop.services import (
    admission,
    catalogues,
    checking,
    desk,
    importing,
    inbox,
    joining,
    judging,
    new_competition,
    paper,
    publishing,
    score_import,
    setup,
)
from kipp_desktop.services.home import Home
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.services.context import Context
    from kipp_desktop.services.panel import Panel

#: In the sample this judge writes on paper, and this team did not come.
ON_PAPER = "Juri 5"
ABSENT = "44"


@dataclass(frozen=True)
class Demonstration:
    """What the day left behind."""

    documents: tuple[Path, ...]
    verified: bool


def demonstrate(context: Context, out: Path) -> Demonstration:
    """Run the day in ``out``; every file that travels is written there for real."""
    tell = _steps(context)
    # Inside, services report to nobody: a line a step is the demonstration's own.
    quiet = replace(context, progress=_silent, passphrase=_no_passphrase)

    def home(name: str) -> Home:
        return Home(replace(quiet, home=out / "homes" / name))

    at_desk = home("sekretariat")
    sample = asset("resources", "sample")
    tell(Text("The secretariat creates the competition"))
    table = catalogues.load_toml(sample / "kompetisi.toml")
    listed = new_competition.create_competition(
        at_desk, table, key_copy=out / "kunci-cadangan", beside=sample
    )
    words = words_of(listed.desk)
    package = out / "stik" / "paket.kipp"
    with at_desk.open(listed) as panel:
        entries = importing.import_entries(at_desk, panel, sample / "entries.csv")
        tell(Text("{count} innovations are loaded", count=entries.added))
        people = importing.import_people(at_desk, panel, sample / "people.csv")
        tell(Text("{count} people are loaded", count=people.added + people.updated))
        setup.publish_plan(at_desk, panel, package)
        tell(Text("The plan is signed; the desk's words are: {words}", words=words))
        judges = [panel.setup.name_of(j) for j in panel.setup.judges_of("presentasi")]
    tables = _marks(out / "stik")
    for name in judges:
        if name == ON_PAPER:
            continue
        _judge(home(_folder(name)), name, package, words, tables[name], out / "stik")
        tell(Text("{name} joined, marked, signed and handed in", name=name))
    with at_desk.open(listed) as panel:
        _receive(at_desk, panel, [name for name in judges if name != ON_PAPER], out / "stik")
        tell(Text("The desk compared the words and merged the files"))
        _type_paper(at_desk, panel, ON_PAPER, tables[ON_PAPER])
        tell(Text("The sheets of {name} are typed from paper and initialled", name=ON_PAPER))
        desk.record_status(
            at_desk, panel, ABSENT, "absent", "Tim tidak hadir saat dipanggil (contoh)"
        )
        tell(Text("Entry {number} is recorded as absent", number=ABSENT))
        publication = publishing.publish(at_desk, panel, out)
        tell(Text("The results are signed: {id}", id=publication.results[:16]))
    documents = tuple(path for path, _ in publication.files)
    wanted = (publishing.RESULTS, publishing.PUBLIC_RESULTS, publishing.MINUTES)
    found = checking.verify(quiet, [out / name for name in wanted], words)
    tell(
        Text("An outsider checked everything: it holds")
        if found.ok
        else Text("An outsider checked everything: it does not hold")
    )
    return Demonstration(documents, found.ok)


def _steps(context: Context) -> Callable[[Text], None]:
    return lambda text: context.progress(0.0, text)


def _silent(_share: float, _text: Text) -> None:
    """Say nothing."""


def _no_passphrase(_name: str) -> None:
    """Return none: the demonstration's keys are not protected."""


def _folder(name: str) -> str:
    return name.lower().replace(" ", "-")


def _marks(folder: Path) -> dict[str, Path]:
    """Write each judge's marks of the sample as a table of that judge's own."""
    rows = list(
        csv.DictReader(io.StringIO(asset("resources", "sample", "marks.csv").read_text("utf-8")))
    )
    columns = [name for name in rows[0] if name != "judge"]
    written = {}
    for judge in dict.fromkeys(row["judge"] for row in rows):
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, extrasaction="ignore", delimiter=";")
        writer.writeheader()
        writer.writerows(row for row in rows if row["judge"] == judge)
        path = folder / f"nilai-{_folder(judge)}.csv"
        write_whole(path, text.getvalue().encode())
        written[judge] = path
    return written


def _judge(  # noqa: PLR0917 - one judge's day
    home: Home, name: str, package: Path, desk_words: str, table: Path, stick: Path
) -> None:
    joined = joining.join(home, package, name, stick / f"{_folder(name)}-kunci.kipp", desk_words)
    write_whole(stick / f"{_folder(name)}-kata.txt", joined.words.encode())
    with home.open(joined.listed) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        score_import.import_scores(home, panel, marker, table)
        judging.submit(home, panel, marker, home.unlock(card))
        joining.write_hand_in(panel, card, stick / f"{_folder(name)}.kipp")


def _receive(home: Home, panel: Panel, names: list[str], stick: Path) -> None:
    """Merge, compare the words and admit; merging the files again changes nothing."""
    files = [stick / f"{_folder(name)}.kipp" for name in names]
    inbox.merge(home, panel, files)
    for key, person in inbox.waiting_keys(panel):
        name = panel.setup.name_of(person)
        words = (stick / f"{_folder(name)}-kata.txt").read_text("utf-8")
        admission.admit(home, panel, key, words)
    inbox.merge(home, panel, files, stick / "tanda-terima.kipp")


def _type_paper(home: Home, panel: Panel, name: str, table: Path) -> None:
    card = home.card(panel.competition, "clerk")
    marker = paper.paper_marker(panel, card, name)
    score_import.import_scores(home, panel, marker, table)
    identity = home.unlock(card)
    judging.submit(home, panel, marker, identity)
    paper.check(home, panel, marker, identity)
