"""What the columns of a table mean: entries, people, scores, organisations, visits, claims.

Pure text in, pure text out: a :class:`Sheet` has been read by
:mod:`kipp_desktop.exchange.spreadsheet`. Secretariats name their columns in many ways; every name
that we know stands in :data:`FIELDS` and nowhere else. Names are compared without regard to case,
spaces, punctuation and remarks in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.exchange.spreadsheet import Sheet, Workbook
from kipp_desktop.texts import Text

Kind = Literal["entries", "people", "scores", "organisations", "winners", "visits", "claims"]

HEADER_ROWS = 30  # a header further down is no header
_NO_HEADER = "no-header"
CRITERION = "criterion:"  # starts the field of a criterion's column
KEPT = "+"  # a mapping to this keeps the column as it is, whatever its heading seems to mean
LEFT_OUT = "-"  # and this leaves the column out
#: The column of rows that were refused, as we write it; read again it means nothing.
REASON_COLUMN = "alasan tidak dimuat"

_MAX_DECIMAL = 40  # characters; no mark is longer
_DECIMAL = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_PLACE = re.compile(r"#[1-9][0-9]{0,2}")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Field:
    """A column that the program understands: id in code, usual heading, other headings."""

    id: str
    column: str
    others: str  # separated by semicolons

    @property
    def names(self) -> frozenset[str]:
        """Return every normalised heading that means this field."""
        return frozenset(map(normalise, (self.id, self.column, *self.others.split(";"))))


def normalise(header: str) -> str:
    """Return only the letters and digits of a heading, case-folded."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return "".join(character for character in folded if character.isalnum())


_NUMBER = Field(
    "number",
    "nomor",
    "no; number; nomor urut; no urut; nomor inovasi; no inovasi; nomor peserta; no peserta; "
    "nomor pendaftaran; no pendaftaran; nomor registrasi; no registrasi",
)
_TITLE = Field(
    "title",
    "judul",
    "judul inovasi; nama inovasi; title; inovasi; judul proposal; nama/judul inovasi; "
    "judul/nama inovasi; judul inovasi pelayanan publik",
)
_PHONE = Field(
    "phone",
    "telepon",
    "no telepon; nomor telepon; telp; no telp; nomor telp; hp; no hp; nomor hp; no handphone; "
    "nomor handphone; whatsapp; wa; no wa; nomor wa; no whatsapp; nomor whatsapp; no hp/wa; "
    "nomor hp/wa; telepon/hp; no telp/hp; no telepon/hp",
)
_AGENCY = (
    "perangkat daerah; opd; skpd; nama opd; nama perangkat daerah; nama instansi; agency; "
    "organization; instansi pengusul; opd pengusul; perangkat daerah pengusul; asal instansi; "
    "instansi/perangkat daerah; perangkat daerah/instansi; opd/instansi; instansi/opd; organisasi"
)

_CLAIM = Field("claim", "klaim", "klaim yang diperiksa; yang diperiksa; pernyataan; hal; claim")
_CRITERION = Field("criterion", "kriteria", "kriteria terkait; aspek; criterion")

FIELDS: dict[Kind, tuple[Field, ...]] = {
    "entries": (
        _NUMBER,
        _TITLE,
        Field("organisation", "instansi", _AGENCY),
        Field("unit", "unit", "unit kerja; unit pelaksana; nama unit kerja; upt; uptd"),
        Field("group", "kelompok", "kelompok inovasi; nama kelompok"),
        Field("category", "kategori", "kategori inovasi; nama kategori"),
        Field(
            "summary",
            "ringkasan",
            "ringkasan inovasi; ringkasan singkat; deskripsi; deskripsi singkat; "
            "deskripsi inovasi; uraian; uraian singkat; gambaran singkat; abstrak",
        ),
        Field(
            "contact",
            "kontak",
            "nama kontak; narahubung; nama narahubung; contact person; kontak person; cp; pic",
        ),
        _PHONE,
    ),
    "people": (
        _NUMBER,
        Field(
            "name",
            "nama",
            "nama lengkap; nama dan gelar; nama juri; nama penilai; nama anggota; nama verifikator",
        ),
        Field("roles", "peran", "role; tugas; sebagai; peran dalam tim"),
        Field("institution", "instansi", f"lembaga; unit kerja; organisation; {_AGENCY}"),
        Field("nip", "nip", "nomor induk pegawai; nip/nik"),
        Field("position", "jabatan", "jabatan dinas; jabatan/pangkat"),
        _PHONE,
        Field(
            "conflicts",
            "benturan",
            "conflict; benturan kepentingan; konflik kepentingan; tidak menilai",
        ),
    ),
    "scores": (
        _NUMBER,
        _TITLE,
        Field("comment", "catatan", "comments; komentar; keterangan; notes"),
    ),
    "organisations": (
        _NUMBER,
        Field("name", "nama", f"nama organisasi; instansi; organisation; {_AGENCY}"),
        Field("type", "jenis", "jenis organisasi; jenis instansi; tipe"),
        Field("parent", "induk", "instansi induk; organisasi induk; opd induk"),
        Field("must_enter", "wajib", "wajib ikut; wajib mengirim; wajib inovasi"),
        Field("short_name", "singkatan", "abbreviation; nama singkat; akronim"),
    ),
    "winners": (
        _NUMBER,
        _TITLE,
        Field("organisation", "instansi", f"unit kerja; organisation; {_AGENCY}"),
        Field("year", "tahun", "tahun penghargaan; year; edisi"),
        Field("award", "penghargaan", "capaian; prestasi; peringkat; award; predikat"),
    ),
    "visits": (
        _NUMBER,
        _CLAIM,
        _CRITERION,
        Field("status", "temuan", "status; hasil; hasil pemeriksaan; finding"),
        Field("note", "catatan", "keterangan; notes; note; uraian"),
        Field("photos", "foto", "bukti; berkas; lampiran; photos; nama berkas"),
        Field("captions", "keterangan foto", "judul foto; captions"),
        Field("private", "pribadi", "rahasia; private; foto pribadi"),
        Field("started", "mulai", "waktu mulai; jam mulai; started; tanggal"),
        Field("ended", "selesai", "waktu selesai; jam selesai; ended"),
        Field("place", "tempat", "lokus; lokasi; alamat; place"),
        Field("mode", "cara", "moda; mode; metode"),
        Field("met", "ditemui", "yang ditemui; narasumber; pihak yang ditemui; met"),
        Field("effect", "kesimpulan", "simpulan; conclusion; rekomendasi"),
        Field("corrects", "kriteria koreksi", "koreksi kriteria; kriteria yang dikoreksi"),
        Field("mark", "nilai usulan", "usulan nilai; nilai koreksi; proposed mark"),
        Field("reason", "alasan", "reason; alasan kesimpulan"),
    ),
    "claims": (_NUMBER, _CLAIM, _CRITERION),
}

# One of these and one other known column make a row the header.
_ANCHORS = frozenset({"title", "name", "number"})
# Without this column no row can be used.
_REQUIRED: dict[Kind, str] = {
    "entries": "title",
    "people": "name",
    "scores": "number",
    "organisations": "name",
    "winners": "title",
    "visits": "number",
    "claims": "claim",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column with a heading; ``index`` counts from 0; ``field`` is None for an unknown one."""

    index: int
    header: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """The header row: its number in the spreadsheet and its columns, from left to right."""

    row: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields that have a column."""
        return frozenset(column.field for column in self.columns if column.field)


class TableRow(NamedTuple):
    """One row of data.

    ``values`` has every field that has a column, also where the cell is empty; ``extra`` has the
    unknown columns with something in them.
    """

    row: int
    values: dict[str, str]
    extra: tuple[tuple[str, str], ...]


def number_key(text: str) -> str:
    """Return what is compared of an entry number: ``07`` and ``7`` are one, as are A1 and a1."""
    folded = text.strip().casefold()
    return folded.lstrip("0") or folded[:1]


def parse_cell_decimal(text: str) -> Fraction | None:
    """Return the exact number in a cell, or None if it is not one.

    ASCII digits, one decimal point or comma between digits, a minus sign; no thousands separators
    and no exponents.
    """
    stripped = text.strip()
    if len(stripped) > _MAX_DECIMAL or not _DECIMAL.fullmatch(stripped):
        return None
    return Fraction(stripped.replace(",", "."))


def column_name(kind: Kind, field: str) -> str:
    """Return the usual heading of a field, as templates write it and messages name it."""
    names = {known.id: known.column for known in FIELDS[kind]}
    return names.get(field, field.removeprefix(CRITERION))


def find_header(
    sheet: Sheet,
    kind: Kind,
    *,
    header_row: int | None = None,
    mapping: Sequence[tuple[str, str]] = (),
    criteria: Sequence[tuple[str, str]] = (),
) -> Header:
    """Return the header row of ``sheet``.

    It is the first of 30 rows that names the title, name or number and another known column; where
    the row below it names all these and more (a heading over two rows), that one. ``header_row`` is
    a row number of the spreadsheet and replaces the search. ``mapping`` holds (header, field): a
    heading (or ``#3`` for the third column), and an id or any name of the field that it means,
    :data:`KEPT` or :data:`LEFT_OUT`. ``criteria`` holds (id, name) of the leaf criteria of a score
    table; their columns have the field ``criterion:ID``.

    Raises :class:`UsageError` for a mapping to an unknown field and :class:`KippError` if there is
    no header, if a mapped heading is not in it, or if a column is missing that no row can do
    without.
    """
    known = _known_names(kind, criteria)
    mapped = _mapped_fields(kind, known, mapping)
    if header_row is None:
        header = _search(sheet, known, mapped)
        if header is None:
            raise _no_header(sheet.name, kind, criteria)
    else:
        index = header_row - sheet.first_row
        cells = sheet.rows[index] if 0 <= index < len(sheet.rows) else []
        header = _header(header_row, cells, known, mapped)
    _check_header(sheet.name, kind, header, [name for name, to in mapping if to != LEFT_OUT])
    return header


def choose_sheet(
    workbook: Workbook,
    kind: Kind,
    name: str | None = None,
    *,
    header_row: int | None = None,
    mapping: Sequence[tuple[str, str]] = (),
    criteria: Sequence[tuple[str, str]] = (),
) -> Sheet:
    """Return the sheet called ``name``, or the first with a header and a row below it.

    Sheets with instructions before the table are passed over. Raises what :func:`find_header`
    raises, and :class:`KippError` if there is no such sheet.
    """
    names = ", ".join(sheet.name for sheet in workbook.sheets)
    if name is not None:
        for sheet in workbook.sheets:
            if sheet.name.strip().casefold() == name.strip().casefold():
                return sheet
        raise KippError(
            "sheet-missing",
            Text("The file has no sheet called {sheet}.", sheet=name),
            Text("Its sheets are: {sheets}.", sheets=names),
        )
    failures: list[KippError] = []
    best: tuple[bool, Sheet] | None = None
    for sheet in workbook.sheets:
        try:
            header = find_header(
                sheet, kind, header_row=header_row, mapping=mapping, criteria=criteria
            )
        except UsageError:
            raise
        except KippError as failure:
            failures.append(failure)
        else:
            # Instructions may show the headings; the list is where rows stand below them.
            filled = next(table_rows(sheet, header), None) is not None
            if best is None or filled > best[0]:
                best = filled, sheet
    if best is not None:
        return best[1]
    # A sheet that nearly fits says more than that all of them do not.
    near = [failure for failure in failures if failure.code != _NO_HEADER]
    if near:
        raise near[0]
    raise _no_header(names, kind, criteria)


def table_rows(sheet: Sheet, header: Header) -> Iterator[TableRow]:
    """Yield the rows below the header that have something in a column with a heading.

    A first row that only numbers the columns (1, 2, 3, …), as official tables have it, is left out.
    """
    first = True
    width = max((column.index for column in header.columns), default=-1) + 1
    known = [(column.index, column.field) for column in header.columns if column.field]
    others = [(column.index, column.header) for column in header.columns if not column.field]
    for row, cells in enumerate(sheet.rows, sheet.first_row):
        if row <= header.row:
            continue
        full = cells if len(cells) >= width else cells + [""] * (width - len(cells))
        values = {field: full[index] for index, field in known}
        extra = tuple([(heading, full[index]) for index, heading in others if full[index]])
        if not extra and not any(values.values()):
            continue
        if first:
            first = False
            if _numbers_columns(header, [full[column.index] for column in header.columns]):
                continue
        yield TableRow(row, values, extra)


def _numbers_columns(header: Header, texts: Sequence[str]) -> bool:
    # Marks may well be 1, 2, 3; titles and names are not.
    if not header.fields & {"title", "name"} or len(texts) < len("123"):
        return False
    return [normalise(text) for text in texts] == [str(n) for n in range(1, len(texts) + 1)]


def _known_names(kind: Kind, criteria: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return field ids by normalised heading; a criterion's name only where it is the only one."""
    known = {name: field.id for field in FIELDS[kind] for name in field.names}
    times = Counter(normalise(name) for _, name in criteria)
    for criterion, name in criteria:
        if times[normalise(name)] == 1:
            known[normalise(name)] = CRITERION + criterion
    known.update((normalise(criterion), CRITERION + criterion) for criterion, _ in criteria)
    return known


def _mapped_fields(
    kind: Kind, known: dict[str, str], mapping: Sequence[tuple[str, str]]
) -> dict[str, str]:
    mapped: dict[str, str] = {}
    for heading, name in mapping:
        key = column_key(heading)
        if name in {KEPT, LEFT_OUT}:
            mapped[key] = name
            continue
        field = known.get(normalise(name.removeprefix(CRITERION)))
        if field is None or field in mapped.values():
            raise UsageError(
                "unknown-field" if field is None else "field-twice",
                Text("No such column is known: {field}.", field=name)
                if field is None
                else Text("Two headings are mapped to one column: {field}.", field=name),
                Text("A heading can be mapped to: {columns}.", columns=_expected(kind, known)),
            )
        mapped[key] = field
    return mapped


def column_key(heading: str) -> str:
    """Return what a mapping is looked up by: ``#3`` is the third column, all else a heading."""
    stripped = heading.strip()
    return stripped if _PLACE.fullmatch(stripped) else normalise(heading)


def _search(sheet: Sheet, known: dict[str, str], mapped: dict[str, str]) -> Header | None:
    found: Header | None = None
    for row, cells in enumerate(sheet.rows, sheet.first_row):
        if row > HEADER_ROWS:
            break
        header = _header(row, cells, known, mapped)
        if found is not None:
            return header if header.fields > found.fields else found
        if header.fields & _ANCHORS and len(header.fields) > 1:
            found = header
    return found


def _header(
    row: int, cells: Sequence[str], known: dict[str, str], mapped: dict[str, str]
) -> Header:
    """Give every heading its field; of two headings for one field the left one has it.

    A mapped place may stand beyond the last heading: a column of cells without one.
    """
    last = max((int(key[1:]) for key in mapped if _PLACE.fullmatch(key)), default=0)
    cells = [*cells, *[""] * (last - len(cells))]
    headings = [
        (index, " ".join(text.split()) or f"#{index + 1}")
        for index, text in enumerate(cells)
        if text or f"#{index + 1}" in mapped
    ]
    fields: dict[int, str] = {}
    for names in (mapped, known):
        for index, heading in headings:
            keys = (f"#{index + 1}", *_keys(heading))
            field = next((names[key] for key in keys if key in names), None)
            free = field in {KEPT, LEFT_OUT} or field not in fields.values()
            if field and index not in fields and free:
                fields[index] = field
    columns = []
    times: Counter[str] = Counter()
    for index, heading in headings:
        field = fields.get(index)
        if field == LEFT_OUT or normalise(heading) == _REASON_KEY:
            continue
        if field is None or field == KEPT:
            # Each column is kept under a name of its own.
            times[heading] += 1
            again = f" ({times[heading]})" if times[heading] > 1 else ""
            columns.append(Column(index, heading + again, None))
        else:
            columns.append(Column(index, heading, field))
    return Header(row, tuple(columns))


_REASON_KEY = normalise(REASON_COLUMN)


def _keys(heading: str) -> tuple[str, str]:
    """Return what a heading is looked up by: all of it, then without remarks in brackets."""
    return normalise(heading), normalise(_REMARK.sub("", heading))


def _check_header(sheet: str, kind: Kind, header: Header, mapped: Sequence[str]) -> None:
    headings = ", ".join(column.header for column in header.columns)
    there = {
        key for column in header.columns for key in (f"#{column.index + 1}", *_keys(column.header))
    }
    for heading in mapped:
        if column_key(heading) not in there:
            raise KippError(
                "heading-missing",
                Text(
                    "Row {row} of sheet {sheet} has no column {heading}.",
                    row=header.row,
                    sheet=sheet,
                    heading=heading,
                ),
                Text("Its columns are: {columns}.", columns=headings),
            )
    if _REQUIRED[kind] not in header.fields:
        raise KippError(
            "column-missing",
            Text(
                "In row {row} of sheet {sheet} no column is called {column}.",
                row=header.row,
                sheet=sheet,
                column=column_name(kind, _REQUIRED[kind]),
            ),
            Text(
                "Its columns are: {columns}. Rename the right one, or say which it is.",
                columns=headings,
            ),
        )


def _no_header(sheet: str, kind: Kind, criteria: Sequence[tuple[str, str]]) -> KippError:
    return KippError(
        _NO_HEADER,
        Text(
            "No row with headings was found in the first {rows} rows of sheet {sheet}.",
            rows=HEADER_ROWS,
            sheet=sheet,
        ),
        Text(
            "One row must name its columns, for example: {columns}.",
            columns=_expected(kind, _known_names(kind, criteria)),
        ),
    )


def _expected(kind: Kind, known: dict[str, str]) -> str:
    return ", ".join(dict.fromkeys(column_name(kind, field) for field in known.values()))
