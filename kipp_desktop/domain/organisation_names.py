"""Names of offices as people write them: abbreviations written out, so that spellings meet.

"Dinkes", "Dinas Kesehatan" and "Din. Kesehatan Kota Malang" are one office. :func:`office_key`
writes known abbreviations out and leaves out what every office of one government shares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kipp_desktop.domain.competition import name_key
from kipp_desktop.domain.likeness import within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Abbreviations of words, and of whole offices, in common use; written out in one way.
WORDS = {
    "din": "dinas", "kec": "kecamatan", "kel": "kelurahan", "pkm": "puskesmas", "pusk": "puskesmas",
    "ds": "desa", "sekre": "sekretariat", "sekda": "sekretariat daerah",
    "setda": "sekretariat daerah", "setwan": "sekretariat dewan perwakilan rakyat daerah",
    "sekretariat dprd": "sekretariat dewan perwakilan rakyat daerah", "bag": "bagian",
    "rsud": "rumah sakit umum daerah", "rs": "rumah sakit", "upt": "", "uptd": "",
    "kab": "kabupaten",
    "kantor": "", "disdik": "dinas pendidikan", "dindik": "dinas pendidikan",
    "dispendik": "dinas pendidikan", "disdikbud": "dinas pendidikan dan kebudayaan",
    "dikbud": "pendidikan dan kebudayaan", "dinkes": "dinas kesehatan", "dinsos": "dinas sosial",
    "diskominfo": "dinas komunikasi dan informatika",
    "kominfo": "komunikasi dan informatika", "dishub": "dinas perhubungan",
    "dislautkan": "dinas kelautan dan perikanan", "dkp": "dinas kelautan dan perikanan",
    "disnaker": "dinas tenaga kerja", "dispora": "dinas pemuda dan olahraga",
    "disparbud": "dinas pariwisata dan kebudayaan", "dispar": "dinas pariwisata",
    "disperindag": "dinas perindustrian dan perdagangan", "disdag": "dinas perdagangan",
    "dispendukcapil": "dinas kependudukan dan pencatatan sipil",
    "disdukcapil": "dinas kependudukan dan pencatatan sipil",
    "dukcapil": "kependudukan dan pencatatan sipil", "dpu": "dinas pekerjaan umum",
    "pupr": "pekerjaan umum dan penataan ruang",
    "dpupr": "dinas pekerjaan umum dan penataan ruang", "dlh": "dinas lingkungan hidup",
    "bpbd": "badan penanggulangan bencana daerah", "bkd": "badan kepegawaian daerah",
    "bapenda": "badan pendapatan daerah", "bappeda": "badan perencanaan pembangunan daerah",
    "satpol": "satuan polisi", "pp": "pamong praja",
    "bakesbangpol": "badan kesatuan bangsa dan politik",
    "kesbangpol": "kesatuan bangsa dan politik",
    "dpmptsp": "dinas penanaman modal dan pelayanan terpadu satu pintu",
    "sd": "sekolah dasar", "sdn": "sekolah dasar negeri", "smp": "sekolah menengah pertama",
    "smpn": "sekolah menengah pertama negeri", "sma": "sekolah menengah atas",
    "sman": "sekolah menengah atas negeri", "smk": "sekolah menengah kejuruan",
    "smkn": "sekolah menengah kejuruan negeri", "tk": "taman kanak-kanak",
}  # fmt: skip

_WORD = re.compile(r"[^\W_]+")
_REMARK = re.compile(r"\([^()]*\)")
# What stands behind it says of which government an office is.
_REGION = re.compile(r"\b(?:pemerintah\s+)?(?:kota|kabupaten|kab|provinsi|prov)\b\.?.*\Z")
_LINKING = frozenset({"dan", "serta", "daerah"})
_SHORTEST = 8  # letters from which one may differ


def office_key(name: str) -> str:
    """Return what spellings of one office share."""
    folded = _REMARK.sub(" ", name.casefold())
    words = _written_out(_REGION.sub(" ", folded))
    if len(words) < 2:  # "Desa Kota Baru" has its own name there
        words = _written_out(folded)
    return "".join(words) or name_key(name)


def _written_out(text: str) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(text):
        words += WORDS.get(word, word).replace("-", " ").split()
    return [word for word in words if word not in _LINKING]


def suggest(name: str, known: Mapping[str, Iterable[str]]) -> str | None:
    """Return the organisation (by id) that a name perhaps means; None where that is not clear.

    ``known`` has the names, short names and other spellings of each. The same key once
    abbreviations are written out, else the only one that is one letter off.
    """
    key = office_key(name)
    keys = {identity: {office_key(item) for item in names} for identity, names in known.items()}
    same = [identity for identity, found in keys.items() if key in found]
    if same:
        return same[0] if len(same) == 1 else None
    digits = re.sub(r"\D", "", key)
    near = [
        identity
        for identity, found in keys.items()
        if len(key) >= _SHORTEST
        and any(re.sub(r"\D", "", item) == digits and within(item, key, 1) for item in found)
    ]
    return near[0] if len(near) == 1 else None
