"""What the ledgers say, in rows that can be made anew from them at any time with the same result.

A sheet is one row, its marks packed. Bulk rows go through the driver's ``executemany``: a hundred
judges' sheets are 300,000 rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.storage.models import LedgerRow, RecordRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import peewee as pw

TABLES = ("ledger", "record", "sheet", "counted", "stopped")

RecordTuple = tuple[str, int, str, str, str, int, int]
SheetTuple = tuple[str, int, str, bool, str, str, str, str, bytes | None, bool]
CountedTuple = tuple[str, str, str, str, int, int, bytes, str]
StoppedTuple = tuple[str, str, str, int, str, str]


class Projection:
    """The projection's tables of one database."""

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database

    def clear(self) -> None:
        """Forget everything; the ledgers' files are not touched."""
        for table in TABLES:
            self._database.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names

    # -- ledgers and records

    def ledger(self, author: str) -> LedgerRow | None:
        """Return how far a ledger has been projected."""
        query = LedgerRow.select().where(LedgerRow.author == author)
        return next(iter(query.execute(self._database)), None)

    def ledgers(self) -> list[LedgerRow]:
        """Return all ledgers, by key."""
        return list(LedgerRow.select().order_by(LedgerRow.author).execute(self._database))

    def set_ledger(
        self, *, author: str, desk: bool, head: str, seq: int, size: int, person: str
    ) -> None:
        """Say how far a ledger has been projected."""
        LedgerRow.replace(
            author=author, desk=desk, head=head, seq=seq, size=size, person=person
        ).execute(self._database)

    def add_records(self, rows: Iterable[RecordTuple]) -> None:
        """Add records: author, seq, id, kind, at, start, length."""
        self._many("INSERT INTO record VALUES (?,?,?,?,?,?,?)", rows)

    def seq_of(self, author: str, head: str) -> int | None:
        """Return the seq of a record of a key, ``None`` where it is not held here."""
        row = self._database.execute_sql(
            "SELECT seq FROM record WHERE author = ? AND id = ?", (author, head)
        ).fetchone()
        return None if row is None else int(row[0])

    def records(self, author: str, kind: str | None = None) -> list[RecordRow]:
        """Return a ledger's records in order, of one kind or all."""
        query = RecordRow.select().where(RecordRow.author == author)
        if kind is not None:
            query = query.where(RecordRow.kind == kind)
        return list(query.order_by(RecordRow.seq).execute(self._database))

    def record(self, author: str, seq: int) -> RecordRow:
        """Return where a record stands; ``LookupError`` where it is not held."""
        query = RecordRow.select().where(RecordRow.author == author, RecordRow.seq == seq)
        found: list[RecordRow] = list(query.execute(self._database))
        if not found:
            msg = f"no record {seq} of {author}"
            raise LookupError(msg)
        return found[0]

    def all_records(self) -> list[RecordRow]:
        """Return every record, latest clock first: for the audit trail."""
        query = RecordRow.select().order_by(
            RecordRow.at.desc(), RecordRow.author, RecordRow.seq.desc()
        )
        return list(query.execute(self._database))

    # -- sheets

    def add_sheets(self, rows: Iterable[SheetTuple]) -> None:
        """Add sheets: author, seq, id, paper, judge, stage, entry, rubric, marks, withdrawn."""
        self._many("INSERT INTO sheet VALUES (?,?,?,?,?,?,?,?,?,?)", rows)

    def sheets(self, judge: str, stage: str, keys: Sequence[str]) -> Iterator[SheetTuple]:
        """Return the sheets of a judge in a stage: of the judge's keys, and typed from paper."""
        marks = ",".join("?" * len(keys))
        cursor = self._database.execute_sql(
            f"SELECT * FROM sheet WHERE author IN ({marks}) AND paper = 0 AND stage = ?"  # noqa: S608
            " UNION ALL SELECT * FROM sheet WHERE paper = 1 AND judge = ? AND stage = ?",
            (*keys, stage, judge, stage),
        )
        return iter(cursor)

    def last_sheets(
        self, author: str, judge: str, stage: str, *, paper: bool, entry: str | None = None
    ) -> list[tuple[str, int]]:
        """Return (entry, seq) of the last sheet that a key signed for a judge, of each entry."""
        return list(
            self._database.execute_sql(
                "SELECT entry, MAX(seq) FROM sheet WHERE author = ? AND judge = ? AND stage = ?"
                " AND paper = ? AND (? IS NULL OR entry = ?) GROUP BY entry",
                (author, judge, stage, paper, entry, entry),
            ).fetchall()
        )

    def clear_judge(self, stage: str, judge: str) -> None:
        """Forget what counts of a judge in a stage."""
        for table in ("counted", "stopped"):
            self._database.execute_sql(
                f"DELETE FROM {table} WHERE stage = ? AND judge = ?",  # noqa: S608 - our own names
                (stage, judge),
            )

    def add_counted(self, rows: Iterable[CountedTuple]) -> None:
        """Add counted sheets: stage, entry, judge, author, seq, total, marks, how."""
        self._many("INSERT INTO counted VALUES (?,?,?,?,?,?,?,?)", rows)

    def add_stopped(self, rows: Iterable[StoppedTuple]) -> None:
        """Add stopped sheets: stage, judge, author, seq, entry, rule."""
        self._many("INSERT OR REPLACE INTO stopped VALUES (?,?,?,?,?,?)", rows)

    def counted(self, stage: str) -> list[tuple[str, str, int, bytes]]:
        """Return the counted sheets of a stage: entry, judge, total, marks."""
        return list(
            self._database.execute_sql(
                "SELECT entry, judge, total, marks FROM counted WHERE stage = ?", (stage,)
            ).fetchall()
        )

    def counted_details(self, stage: str) -> list[tuple[str, str, str, int, int, bytes, str]]:
        """Return counted sheets with their origin: entry, judge, author, seq, total, marks, how."""
        return list(
            self._database.execute_sql(
                "SELECT entry, judge, author, seq, total, marks, how FROM counted WHERE stage = ?",
                (stage,),
            ).fetchall()
        )

    def counted_keys(self) -> list[tuple[str, str, str, str, int]]:
        """Return what counts, by identity: stage, entry, judge, author, seq; in order."""
        return list(
            self._database.execute_sql(
                "SELECT stage, entry, judge, author, seq FROM counted ORDER BY 1, 2, 3"
            ).fetchall()
        )

    def stopped(self, stage: str) -> list[tuple[str, str, int, str, str]]:
        """Return the sheets that do not count: judge, author, seq, entry, rule."""
        return list(
            self._database.execute_sql(
                "SELECT judge, author, seq, entry, rule FROM stopped WHERE stage = ?"
                " ORDER BY judge, entry, author, seq",
                (stage,),
            ).fetchall()
        )

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of the projection, to compare it with one made anew."""
        return {
            table: sorted(
                self._database.execute_sql(f"SELECT * FROM {table}").fetchall(),  # noqa: S608
                key=repr,
            )
            for table in TABLES
        }

    def _many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._database.connection().executemany(sql, rows)
