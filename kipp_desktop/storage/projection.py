"""What the ledgers say, in rows that can be made anew from them at any time with the same result.

A sheet is one row, its marks packed. Bulk rows go through the driver's ``executemany``: a hundred
judges' sheets are 300,000 rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import peewee as pw

TABLES = ("ledger", "record", "sheet", "papercheck", "counted", "stopped")

RecordTuple = tuple[str, int, str, str, str, int, int]
SheetTuple = tuple[str, int, str, bool, str, str, str, str, bytes | None, bool]
CheckTuple = tuple[str, int, str, str]
CountedTuple = tuple[str, str, str, str, int, int, bytes, str]
StoppedTuple = tuple[str, str, str, int, str, str]


class LedgerRow(NamedTuple):
    """How far a ledger's file has been projected; ``desk`` is 1 for the desk's."""

    author: str
    desk: bool
    head: str
    seq: int
    size: int
    person: str


class RecordRow(NamedTuple):
    """Where a record's line stands in its ledger's file."""

    author: str
    seq: int
    id: str
    kind: str
    at: str
    start: int
    length: int


class Projection:
    """The projection's tables of one database."""

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database

    def clear(self) -> None:
        """Forget everything; the ledgers' files are not touched."""
        for table in TABLES:
            self._database.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def forget(self, author: str) -> None:
        """Forget what a ledger says; it is projected anew from another branch."""
        for table in ("ledger", "record", "sheet", "papercheck"):
            self._database.execute_sql(
                f"DELETE FROM {table} WHERE author = ?",  # noqa: S608 - our own names
                (author,),
            )

    # -- ledgers and records

    def ledger(self, author: str) -> LedgerRow | None:
        """Return how far a ledger has been projected."""
        row = self._database.execute_sql(
            "SELECT * FROM ledger WHERE author = ?", (author,)
        ).fetchone()
        return None if row is None else LedgerRow(*row)

    def ledgers(self) -> list[LedgerRow]:
        """Return all ledgers, by key."""
        rows = self._database.execute_sql("SELECT * FROM ledger ORDER BY author")
        return [LedgerRow(*row) for row in rows]

    def set_ledger(
        self, *, author: str, desk: bool, head: str, seq: int, size: int, person: str
    ) -> None:
        """Say how far a ledger has been projected."""
        self._database.execute_sql(
            "INSERT OR REPLACE INTO ledger VALUES (?,?,?,?,?,?)",
            (author, desk, head, seq, size, person),
        )

    def add_records(self, rows: Iterable[RecordTuple]) -> None:
        """Add records: author, seq, id, kind, at, start, length."""
        self._many("INSERT INTO record VALUES (?,?,?,?,?,?,?)", rows)

    def seq_of(self, author: str, head: str) -> int | None:
        """Return the seq of a record of a key, ``None`` where it is not held here."""
        # Mostly the last one is meant; only for an earlier one the ledger is searched.
        row = self._database.execute_sql(
            "SELECT seq FROM ledger WHERE author = ?1 AND head = ?2"
            " UNION ALL SELECT seq FROM record WHERE author = ?1 AND id = ?2 LIMIT 1",
            (author, head),
        ).fetchone()
        return None if row is None else int(row[0])

    def records(self, author: str, kind: str | None = None) -> list[RecordRow]:
        """Return a ledger's records in order, of one kind or all."""
        sql, named = "SELECT * FROM record WHERE author = ?", [author]
        if kind is not None:
            sql, named = f"{sql} AND kind = ?", [author, kind]
            if kind != "score-sheet":
                # As the index says it: it knows the few records that are no sheets.
                sql += " AND kind <> 'score-sheet'"
        rows = self._database.execute_sql(f"{sql} ORDER BY seq", named)
        return [RecordRow(*row) for row in rows]

    def record(self, author: str, seq: int) -> RecordRow:
        """Return where a record stands; ``LookupError`` where it is not held."""
        row = self._database.execute_sql(
            "SELECT * FROM record WHERE author = ? AND seq = ?", (author, seq)
        ).fetchone()
        if row is None:
            msg = f"no record {seq} of {author}"
            raise LookupError(msg)
        return RecordRow(*row)

    def find(self, identity: str) -> tuple[str, int] | None:
        """Return key and seq of the record with an id, ``None`` where it is not held."""
        row = self._database.execute_sql(
            "SELECT author, seq FROM record WHERE id = ?", (identity,)
        ).fetchone()
        return None if row is None else (str(row[0]), int(row[1]))

    def all_records(self) -> list[RecordRow]:
        """Return every record, latest clock first: for the audit trail."""
        rows = self._database.execute_sql("SELECT * FROM record ORDER BY at DESC, author, seq DESC")
        return [RecordRow(*row) for row in rows]

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

    def unread_sheets(self) -> list[tuple[str, int, str]]:
        """Return the sheets whose marks could not be packed: author, seq, rubric."""
        return list(
            self._database.execute_sql(
                "SELECT author, seq, rubric FROM sheet WHERE marks IS NULL AND withdrawn = 0"
            ).fetchall()
        )

    def set_marks(self, author: str, seq: int, marks: bytes | None) -> None:
        """Say the packed marks of a sheet."""
        self._database.execute_sql(
            "UPDATE sheet SET marks = ? WHERE author = ? AND seq = ?", (marks, author, seq)
        )

    def add_checks(self, rows: Iterable[CheckTuple]) -> None:
        """Add paper-checks: author, seq, judge, sheet."""
        self._many("INSERT INTO papercheck VALUES (?,?,?,?)", rows)

    def checks(self, judge: str) -> list[tuple[str, int, str]]:
        """Return the paper-checks of a judge's sheets: author, seq, sheet."""
        return list(
            self._database.execute_sql(
                "SELECT author, seq, sheet FROM papercheck WHERE judge = ?", (judge,)
            ).fetchall()
        )

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

    def totals(self, stage: str) -> list[tuple[str, int]]:
        """Return the counted totals of a stage: entry, total."""
        return list(
            self._database.execute_sql(
                "SELECT entry, total FROM counted WHERE stage = ?", (stage,)
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
