"""The result leaves: closed stages, a signed results record, documents, and the two data files."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.canonical import encode, format_decimal
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import rules_json
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Blob, Ledger, write_bundle
from kipp_desktop.files import cannot_write, sync_folder, write_whole
from kipp_desktop.services.approvals import approvals_of, roles_missing
from kipp_desktop.services.desk import close_stage, heads
from kipp_desktop.services.reporting import build_report
from kipp_desktop.services.standing import standing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.domain.standing import Missing, Standing
    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

MINUTES = "berita-acara.pdf"
RECAP = "rekapitulasi.xlsx"
RESULTS = "hasil.kipp"
PUBLIC_RESULTS = "hasil-publik.kipp"
MOST_NAMED = 5


@dataclass(frozen=True)
class Publication:
    """A result as it was published: the results record's id, and the files with their SHA-256."""

    results: str
    files: tuple[tuple[Path, str], ...]
    final: bool
    changes: Changes


def publish(home: Home, panel: Panel, out: Path, number: str = "") -> Publication:
    """Close what is complete, sign the results where they changed, and write the documents.

    ``number`` is the minutes' nomor; empty leaves dots. Raises :class:`KippError` with code
    ``incomplete`` or ``undecided``, naming what is missing: nothing is then closed or signed;
    ``cannot-write``: no publication is then signed; ``published-not-written`` where the medium
    failed after that.
    """
    context = home.context
    context.step(0.0, Text("Computing the places"))
    check_publishable(panel, standing(panel))
    identity = home.unlock(home.card(panel.competition, "desk"))
    for stage in panel.setup.rules.counted():
        if stage.id not in panel.state.closings:
            close_stage(home, panel, stage.id)
    result = standing(panel)
    results = sign_results(home, panel, identity, result)
    context.progress(0.2, Text("Writing the minutes"))
    final = not roles_missing(panel.setup, approvals_of(panel, results))
    moment = context.clock()
    report = build_report(panel, result, results, number, moment, draft=not final)
    # Heavy, and needed only here.
    from kipp_desktop.documents.minutes import render_minutes
    from kipp_desktop.documents.recap import render_recap

    catalogue = Catalogue.load("id")
    minutes = render_minutes(report, catalogue)
    context.progress(0.5, Text("Sealing the minutes"))
    minutes = _seal(panel, identity, minutes, moment, results)
    context.progress(0.6, Text("Writing the recapitulation"))
    documents = {MINUTES: minutes, RECAP: render_recap(report, catalogue)}
    listed: list[Json] = [
        {"name": name, "sha256": panel.blobs.put(data), "size": len(data)}
        for name, data in sorted(documents.items())
    ]
    body: dict[str, Json] = {"documents": listed, "final": final, "results": results}
    with _staging(out) as folder:
        # The documents lie on that medium before anything says that they were published; the
        # result files carry the publication's record, and so can only be written after it.
        for name, data in documents.items():
            write_whole(folder / name, data)
        panel.sign(identity, context.at(), [("publication", body)])
        context.progress(0.8, Text("Writing the result files"))
        files = [(name, hashlib.sha256(data).hexdigest()) for name, data in documents.items()]
        try:
            files += write_results(panel, folder)
            for name, _ in files:
                (folder / name).replace(out / name)
            sync_folder(out)
        except OSError as error:
            raise _not_written(cannot_write(out, error)) from error
        except KippError as error:
            raise _not_written(error) from error
    context.progress(1.0, Text("Done"))
    return Publication(
        results,
        tuple((out / name, sha256) for name, sha256 in files),
        final,
        Changes.of("results", "ledgers", "decisions"),
    )


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """Yield an empty folder inside ``out``, so that its files are only renamed in the end."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".kipp-", dir=out))
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_written(error: KippError) -> KippError:
    return KippError(
        "published-not-written",
        Text(
            "The publication is signed, but its files could not all be written: {reason}",
            reason=error.what,
        ),
        Text("Publish again, to another folder if need be: the same results are issued anew."),
    )


def _missing_text(setup: Setup, missing: Sequence[Missing]) -> Text:
    """Name a few sheets one by one; of many say how many each judge owes."""
    count = len(missing)
    if count > MOST_NAMED and all(gap.judge for gap in missing):
        owed = Counter(setup.name_of(gap.judge) for gap in missing)
        judges = tuple(
            Text("{judge} ({count})", judge=judge, count=number)
            for judge, number in sorted(owed.items())
        )
        return Text("{count} sheets are still missing: {first}.", count=count, first=judges)
    names = tuple(
        Text(
            "{judge}, entry {number}",
            judge=setup.name_of(gap.judge),
            number=setup.entry_by_id[gap.entry].number,
        )
        if gap.judge
        else Text("entry {number}", number=setup.entry_by_id[gap.entry].number)
        for gap in missing[:MOST_NAMED]
    )
    if count <= MOST_NAMED:
        return Text("{count} sheets are still missing: {first}.", count=count, first=names)
    return Text(
        "{count} sheets are still missing; the first are: {first}.", count=count, first=names
    )


def check_publishable(panel: Panel, result: Standing) -> None:
    """Raise :class:`KippError` naming what stands between the panel and a result."""
    setup = panel.setup
    if result.missing:
        raise KippError(
            "incomplete",
            _missing_text(setup, result.missing),
            Text("Collect them, or record an absence or abstention with its reason."),
        )
    if result.forks:
        raise KippError(
            "undecided",
            Text(
                "The key of {name} has signed two different versions.",
                name=setup.name_of(panel.state.keys[result.forks[0]].person),
            ),
            Text("Let the panel settle it: kipp decide revoke … --head …"),
        )
    if result.lacking:
        raise KippError(
            "incomplete",
            Text(
                "Records that this desk cites are not here (key {key}).",
                key=result.lacking[0][:12],
            ),
            Text("Open the file from that laptop again."),
        )
    for item in result.undecided:
        raise KippError(
            "undecided",
            Text(
                "It is not decided who goes on from {stage} in the group {group}.",
                stage=setup.rules.stage(item.stage).name,
                group=item.group,
            ),
            Text("Record it first (kipp decide advance {stage} N …).", stage=item.stage),
        )
    if result.waiting:
        raise KippError(
            "undecided",
            Text(
                "Too few judges mark the entries {numbers}.",
                numbers=", ".join(setup.entry_by_id[e].number for e in result.waiting),
            ),
            Text("Let the panel decide about them first."),
        )
    for group in result.groups:
        for line in group.lines:
            raise KippError(
                "undecided",
                Text(
                    "Entries {numbers} share a place across the line of {tier}.",
                    numbers=", ".join(setup.entry_by_id[e].number for e in line.entries),
                    tier=line.tier,
                ),
                Text("Let the plenary or a lot settle it (kipp decide tie …)."),
            )


def sign_results(home: Home, panel: Panel, identity: Identity, result: Standing) -> str:
    """Sign new results only when places, awards or counted records changed; return their id."""
    plan = panel.state.plan
    assert plan is not None
    last = panel.state.results[-1] if panel.state.results else None
    places: list[Json] = places_json(result)
    counted: list[Json] = [list(row) for row in panel.projection.counted_keys()]
    digest = hashlib.sha256(b"".join(encode(row) for row in counted)).hexdigest()
    rules = rules_json(panel.setup.rules)
    if (
        last is not None
        and last.body["places"] == places
        and last.body["rules"] == rules
        and panel.workbench.document("counted") == digest
    ):
        return last.id
    body: dict[str, Json] = {
        "heads": heads(panel),
        "places": places,
        "plan": plan.id,
        "rules": rules,
        "supersedes": last.id if last else None,
    }
    record = panel.sign(identity, home.context.at(), [("results", body)])[0]
    panel.workbench.set_document("counted", digest)
    return record.id


def places_json(result: Standing) -> list[Json]:
    """Return the places as a results record carries them."""
    return [
        {
            "entries": [
                {
                    "award": item.award,
                    "by": item.by,
                    "entry": item.entry,
                    "exact": None if item.exact is None else str(item.exact),
                    "place": item.place,
                    "reached": item.reached,
                    "score": None if item.score is None else format_decimal(Fraction(item.score)),
                    "sheets": item.sheets,
                    "status": item.status,
                }
                for item in group.entries
            ],
            "group": group.group,
        }
        for group in result.groups
    ]


def _seal(panel: Panel, identity: Identity, pdf: bytes, moment: datetime, results: str) -> bytes:
    from kipp_desktop.documents.certificates import key_from_der, read_certificate
    from kipp_desktop.documents.pdf_signing import seal_pdf

    enrolment = panel.state.enrolment
    assert enrolment is not None
    if identity.pdf_key is None:
        raise KippError(
            "no-pdf-key",
            Text("This desk's key file has no key for sealing documents."),
            Text("Take the copy of the key from the second medium."),
        )
    return seal_pdf(
        pdf,
        key_from_der(identity.pdf_key),
        read_certificate(str(enrolment.body["certificate"]).encode()),
        signed_at=moment,
        reason=f"Hasil {results[:16]}",
    )


def write_results(panel: Panel, out: Path) -> list[tuple[str, str]]:
    """Write the two data files: all for the panel, ledgers and setups for the public.

    Return their names, each with its SHA-256.
    """
    ledgers = []
    for author in panel.ledgers.authors():
        held = panel.ledgers.read(author)
        if held is not None:
            ledgers.append(Ledger(author, *held))
    forks = [Ledger(head, data, signature) for head, data, signature in panel.ledgers.forks()]
    setups = {plan.setup for plan in panel.state.plans}
    written = []
    for name, wanted in ((RESULTS, panel.blobs.all()), (PUBLIC_RESULTS, sorted(setups))):
        blobs = [Blob(sha256, _source(panel, sha256)) for sha256 in wanted]
        sha256 = write_bundle(
            out / name,
            competition=panel.competition,
            purpose="results",
            ledgers=ledgers,
            forks=forks,
            blobs=blobs,
        )
        written.append((name, sha256))
    return written


#: Larger blobs are streamed from their file.
_IN_MEMORY = 16 << 20


def _source(panel: Panel, sha256: str) -> bytes | Path:
    path = panel.blobs.path(sha256)
    return path if path.stat().st_size > _IN_MEMORY else panel.blobs.get(sha256) or b""
