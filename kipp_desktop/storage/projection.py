"""What the ledgers say, in rows that can be made anew from them at any time with the same result.

A sheet is one row, its marks packed; keys and rubrics are written once and cited by number. Bulk
rows go through the driver's ``executemany``: a hundred judges' sheets are 300,000 rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kipp_desktop.storage.database import damaged
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import peewee as pw

#: The tables, each with the columns that cite a key or a rubric by number.
TABLES: dict[str, tuple[str, ...]] = {
    "ledger": (),
    "record": ("author",),
    "sheet": ("author", "rubric"),
    "papercheck": ("author",),
    "counted": ("author",),
    "stopped": ("author",),
}

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


#: A sheet as it is stored: key (by number), seq, id (32 bytes), at, start and length of its line,
#: paper, judge, stage, entry, rubric (by number), packed marks, withdrawn.
SheetRow = tuple[int, int, bytes, str, int, int, bool, str, str, str, int, bytes | None, bool]


#: Records and sheets together, as records.
_EVERY = (
    "SELECT author, seq, id, kind, at, start, length FROM record {where} UNION ALL"
    " SELECT author, seq, id, CASE paper WHEN 1 THEN 'paper-sheet' ELSE 'score-sheet' END, at,"
    " start, length FROM sheet {where}"
)
_OWN = _EVERY.format(where="WHERE author = ?1")


#: So many records of one kind in a ledger are kept at hand.
FEW = 16


class Projection:
    """The projection's tables of one database."""

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database
        self._numbers: dict[str, int] = {}
        self._values: dict[int, str] = {}
        # Asked for whenever a head is looked up: of each key, in each stage, at each counting.
        self._ledgers: dict[str, LedgerRow | None] = {}
        # Asked for at every mark, and the same until something is signed or arrives.
        self._last: dict[tuple[str, str, str, str, bool], int | None] = {}
        self._few: dict[tuple[str, str], tuple[RecordRow, ...]] = {}

    def clear(self) -> None:
        """Forget everything; the ledgers' files are not touched."""
        self.forget_cached()
        for table in TABLES:
            self._database.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def forget(self, author: str) -> None:
        """Forget what a ledger says; it is projected anew from another branch."""
        self._forget_records()
        self._ledgers.pop(author, None)
        self._database.execute_sql("DELETE FROM ledger WHERE author = ?", (author,))
        for table in ("record", "sheet", "papercheck"):
            self._database.execute_sql(
                f"DELETE FROM {table} WHERE author = ?",  # noqa: S608 - our own names
                (self._find(author),),
            )

    # -- ledgers and records

    def ledger(self, author: str) -> LedgerRow | None:
        """Return how far a ledger has been projected."""
        if author not in self._ledgers:
            row = self._database.execute_sql(
                "SELECT * FROM ledger WHERE author = ?", (author,)
            ).fetchone()
            self._ledgers[author] = None if row is None else LedgerRow(*row)
        return self._ledgers[author]

    def ledgers(self) -> list[LedgerRow]:
        """Return all ledgers, by key."""
        rows = self._database.execute_sql("SELECT * FROM ledger ORDER BY author")
        return [LedgerRow(*row) for row in rows]

    def set_ledger(
        self, *, author: str, desk: bool, head: str, seq: int, size: int, person: str
    ) -> None:
        """Say how far a ledger has been projected."""
        self._forget_records()
        self._ledgers.pop(author, None)
        self._database.execute_sql(
            "INSERT OR REPLACE INTO ledger VALUES (?,?,?,?,?,?)",
            (author, desk, head, seq, size, person),
        )

    def add_records(self, rows: Iterable[RecordRow]) -> None:
        """Add records that are no sheets."""
        self._forget_records()
        self._many(
            "INSERT INTO record VALUES (?,?,?,?,?,?,?)",
            ((self.number(row[0]), row[1], bytes.fromhex(row[2]), *row[3:]) for row in rows),
        )

    def seq_of(self, author: str, head: str) -> int | None:
        """Return the seq of a record of a key, ``None`` where it is not held here."""
        # Mostly the last one is meant; only for an earlier one the ledger is searched.
        row = self.ledger(author)
        if row is None or row.head == head:
            return row.seq if row else None
        found = self._database.execute_sql(
            "SELECT seq FROM record WHERE author = ?1 AND id = ?2"
            " UNION ALL SELECT seq FROM sheet WHERE author = ?1 AND id = ?2 LIMIT 1",
            (self._find(author), bytes.fromhex(head)),
        ).fetchone()
        return None if found is None else int(found[0])

    def records(self, author: str, kind: str | None = None) -> tuple[RecordRow, ...]:
        """Return a ledger's records in order, of one kind or all."""
        if kind is None or kind.endswith("-sheet"):
            sql = f"SELECT * FROM ({_OWN}) ORDER BY seq"  # noqa: S608 - our own names
            rows = map(self._record_row, self._database.execute_sql(sql, (self._find(author),)))
            return tuple(row for row in rows if kind in {None, row.kind})
        if (author, kind) in self._few:
            return self._few[author, kind]
        found = self._database.execute_sql(
            "SELECT * FROM record WHERE author = ? AND kind = ? ORDER BY seq",
            (self._find(author), kind),
        )
        records = tuple(map(self._record_row, found))
        if len(records) <= FEW:
            self._few[author, kind] = records
        return records

    def record(self, author: str, seq: int) -> RecordRow:
        """Return where a record stands; ``LookupError`` where it is not held."""
        row = self._database.execute_sql(
            _EVERY.format(where="WHERE author = ?1 AND seq = ?2"), (self._find(author), seq)
        ).fetchone()
        if row is None:
            msg = f"no record {seq} of {author}"
            raise LookupError(msg)
        return self._record_row(row)

    def find(self, identity: str) -> tuple[str, int] | None:
        """Return key and seq of the record with an id, ``None`` where it is not held."""
        row = self._database.execute_sql(
            "SELECT author, seq FROM record WHERE id = ?1"
            " UNION ALL SELECT author, seq FROM sheet WHERE id = ?1 LIMIT 1",
            (bytes.fromhex(identity),),
        ).fetchone()
        return None if row is None else (self._value(row[0]), int(row[1]))

    def all_records(self) -> list[RecordRow]:
        """Return every record, latest clock first: for the audit trail.

        Within one second the desk's stand first: they answer what the others signed.
        """
        desks = {row.author for row in self.ledgers() if row.desk}
        rows = map(self._record_row, self._database.execute_sql(_EVERY.format(where="")))
        ordered = sorted(rows, key=lambda row: (row.author not in desks, row.author, -row.seq))
        return sorted(ordered, key=lambda row: row.at, reverse=True)

    # -- sheets

    def add_sheets(self, rows: Iterable[SheetRow]) -> None:
        """Add sheets, as they are stored."""
        self._forget_records()
        self._many("INSERT INTO sheet VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)

    def sheets(self, judge: str, stage: str, keys: Sequence[str]) -> list[SheetTuple]:
        """Return the sheets of a judge in a stage: of the judge's keys, and typed from paper."""
        places = ",".join("?" * len(keys))
        columns = "author, seq, id, paper, judge, stage, entry, rubric, marks, withdrawn"
        cursor = self._database.execute_sql(
            f"SELECT {columns} FROM sheet WHERE author IN ({places}) AND paper = 0 AND stage = ?"  # noqa: S608
            f" UNION ALL SELECT {columns} FROM sheet WHERE paper = 1 AND judge = ? AND stage = ?",
            (*(self._find(key) for key in keys), stage, judge, stage),
        )
        rows = cursor.fetchall()
        value = {n: self._value(n) for n in {row[0] for row in rows} | {row[7] for row in rows}}
        return [
            (
                value[author],
                seq,
                identity.hex(),
                paper,
                who,
                where,
                entry,
                value[rubric],
                packed,
                gone,
            )
            for author, seq, identity, paper, who, where, entry, rubric, packed, gone in rows
        ]

    def own_sheets(self, author: str) -> int:
        """Return how many sheets a key signed that it did not type for somebody else."""
        row = self._database.execute_sql(
            "SELECT COUNT(*) FROM sheet WHERE author = ? AND paper = 0", (self._find(author),)
        ).fetchone()
        return int(row[0])

    def typed_judges(self, stage: str) -> list[str]:
        """Return the judges for whom sheets of a stage were typed from paper."""
        rows = self._database.execute_sql(
            "SELECT DISTINCT judge FROM sheet WHERE paper = 1 AND stage = ?", (stage,)
        )
        return [str(row[0]) for row in rows]

    def typed_by(self, author: str) -> set[str]:
        """Return the judges for whom a key typed sheets or recorded checks of them."""
        rows = self._database.execute_sql(
            "SELECT judge FROM sheet WHERE author = ?1 AND paper = 1"
            " UNION SELECT judge FROM papercheck WHERE author = ?1",
            (self._find(author),),
        )
        return {str(row[0]) for row in rows}

    def unread_sheets(self) -> list[tuple[str, int, str]]:
        """Return the sheets whose marks could not be packed: author, seq, rubric."""
        rows = self._database.execute_sql(
            "SELECT author, seq, rubric FROM sheet WHERE marks IS NULL AND withdrawn = 0"
        )
        return [(self._value(author), seq, self._value(rubric)) for author, seq, rubric in rows]

    def set_marks(self, author: str, seq: int, marks: bytes | None) -> None:
        """Say the packed marks of a sheet."""
        self._database.execute_sql(
            "UPDATE sheet SET marks = ? WHERE author = ? AND seq = ?",
            (marks, self._find(author), seq),
        )

    def add_checks(self, rows: Iterable[CheckTuple]) -> None:
        """Add paper-checks: author, seq, judge, sheet."""
        self._many(
            "INSERT INTO papercheck VALUES (?,?,?,?)",
            ((self.number(row[0]), *row[1:]) for row in rows),
        )

    def checks(self, judge: str) -> list[tuple[str, int, str]]:
        """Return the paper-checks of a judge's sheets: author, seq, sheet."""
        rows = self._database.execute_sql(
            "SELECT author, seq, sheet FROM papercheck WHERE judge = ?", (judge,)
        )
        return [(self._value(author), seq, sheet) for author, seq, sheet in rows]

    def last_sheets(
        self, author: str, judge: str, stage: str, *, paper: bool
    ) -> list[tuple[str, int]]:
        """Return (entry, seq) of the last sheet that a key signed for a judge, of each entry."""
        return list(
            self._database.execute_sql(
                "SELECT entry, MAX(seq) FROM sheet WHERE author = ? AND judge = ? AND stage = ?"
                " AND paper = ? GROUP BY entry",
                (self._find(author), judge, stage, paper),
            ).fetchall()
        )

    def last_sheet(
        self, author: str, judge: str, stage: str, entry: str, *, paper: bool
    ) -> int | None:
        """Return the seq of the last sheet of an entry that a key signed for a judge."""
        key = (author, judge, stage, entry, paper)
        if key not in self._last:
            row = self._database.execute_sql(
                "SELECT seq FROM sheet WHERE author = ? AND judge = ? AND stage = ? AND paper = ?"
                " AND entry = ? ORDER BY seq DESC LIMIT 1",
                (self._find(author), judge, stage, paper, entry),
            ).fetchone()
            self._last[key] = int(row[0]) if row else None
        return self._last[key]

    def marked_entries(self) -> frozenset[str]:
        """Return the entries of which a signed sheet is held, whether it counts or not."""
        rows = self._database.execute_sql("SELECT DISTINCT entry FROM sheet WHERE withdrawn = 0")
        return frozenset(entry for (entry,) in rows)

    def clear_counts(self) -> None:
        """Forget what counts and what does not, of everybody."""
        for table in ("counted", "stopped"):
            self._database.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def marked_stages(self) -> frozenset[str]:
        """Return the stages of which a signed sheet is held, whether it counts or not."""
        rows = self._database.execute_sql("SELECT DISTINCT stage FROM sheet WHERE withdrawn = 0")
        return frozenset(stage for (stage,) in rows)

    def clear_judge(self, stage: str, judge: str) -> None:
        """Forget what counts of a judge in a stage."""
        for table in ("counted", "stopped"):
            self._database.execute_sql(
                f"DELETE FROM {table} WHERE stage = ? AND judge = ?",  # noqa: S608 - our own names
                (stage, judge),
            )

    def add_counted(self, rows: Iterable[CountedTuple]) -> None:
        """Add counted sheets: stage, judge, entry, author, seq, total, marks, how."""
        number = self.number
        self._many(
            "INSERT INTO counted VALUES (?,?,?,?,?,?,?,?)",
            [
                (stage, judge, entry, number(author), seq, total, marks, how)
                for stage, judge, entry, author, seq, total, marks, how in rows
            ],
        )

    def add_stopped(self, rows: Iterable[StoppedTuple]) -> None:
        """Add stopped sheets: stage, judge, author, seq, entry, rule."""
        self._many(
            "INSERT OR REPLACE INTO stopped VALUES (?,?,?,?,?,?)",
            ((*row[:2], self.number(row[2]), *row[3:]) for row in rows),
        )

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
        rows = self._database.execute_sql(
            "SELECT entry, judge, author, seq, total, marks, how FROM counted WHERE stage = ?",
            (stage,),
        )
        return [(row[0], row[1], self._value(row[2]), *row[3:]) for row in rows]

    def counted_keys(self) -> list[tuple[str, str, str, str, int]]:
        """Return what counts, by identity: stage, entry, judge, author, seq; in order."""
        rows = self._database.execute_sql("SELECT stage, entry, judge, author, seq FROM counted")
        return sorted((*row[:3], self._value(row[3]), row[4]) for row in rows)

    def stopped(self, stage: str) -> list[tuple[str, str, int, str, str]]:
        """Return the sheets that do not count: judge, author, seq, entry, rule."""
        rows = self._database.execute_sql(
            "SELECT judge, author, seq, entry, rule FROM stopped WHERE stage = ?", (stage,)
        )
        found = [(row[0], self._value(row[1]), *row[2:]) for row in rows]
        return sorted(found, key=lambda row: (row[0], row[3], row[1], row[2]))

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of the projection, to compare it with one made anew."""
        found: dict[str, list[tuple[object, ...]]] = {}
        for table, cited in TABLES.items():
            cursor = self._database.execute_sql(f"SELECT * FROM {table}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            found[table] = sorted(
                (
                    tuple(
                        self._value(value) if name in cited else value
                        for name, value in zip(names, row, strict=True)
                    )
                    for row in cursor
                ),
                key=repr,
            )
        return found

    # -- numbers for keys and rubrics

    def forget_cached(self) -> None:
        """Forget what a transaction wrote and took back."""
        self._forget_records()
        self._ledgers.clear()
        self._numbers.clear()
        self._values.clear()

    def _forget_records(self) -> None:
        self._last.clear()
        self._few.clear()

    def _find(self, value: str) -> int:
        """Return the number of a key or rubric; -1, which no row has, where it has none."""
        number = self._numbers.get(value)
        if number is None:
            sql = "SELECT number FROM hash WHERE value = ?"
            row = self._database.execute_sql(sql, (value,)).fetchone()
            if row is None:
                return -1
            number = self._numbers[value] = int(row[0])
        return number

    def number(self, value: str) -> int:
        """Return the number of a key or rubric, giving it one; inside a transaction."""
        known = self._numbers.get(value)
        if known is not None:  # asked for every sheet
            return known
        number = self._find(value)
        if number < 0:
            self._database.execute_sql("INSERT INTO hash (value) VALUES (?)", (value,))
            number = self._find(value)
        return number

    def _value(self, number: int) -> str:
        value = self._values.get(number)
        if value is None:
            sql = "SELECT value FROM hash WHERE number = ?"
            row = self._database.execute_sql(sql, (number,)).fetchone()
            if row is None:
                raise damaged(Text("a key is missing"))
            value = self._values[number] = str(row[0])
        return value

    def _record_row(self, row: tuple[int, int, bytes, str, str, int, int]) -> RecordRow:
        return RecordRow(self._value(row[0]), row[1], row[2].hex(), *row[3:])

    def _many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._database.connection().executemany(sql, rows)
