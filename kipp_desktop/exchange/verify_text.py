"""VERIFY.txt: how to check a file with stock tools. A fixed text, part of format 1."""

VERIFY_TXT = """\
KIPP Desktop, berkas .kipp, format 1
====================================

BAHASA INDONESIA
Berkas ini adalah zip. Siapa pun dapat memeriksanya tanpa program kami.
1. Ekstrak semua isinya ke satu folder kosong, lalu buka terminal di folder itu.
2. Tidak ada isi yang berubah (Linux, macOS):
     sha256sum -c --strict SHA256SUMS
   Windows, satu per satu, lalu bandingkan dengan baris di SHA256SUMS:
     certutil -hashfile NAMA SHA256
3. Setiap buku catatan (ledgers) ditandatangani utuh oleh pemilik kuncinya:
     for f in ledgers/*.ndjson; do ssh-keygen -Y verify -f allowed_signers -s "$f.sig" \\
       -I "$(basename "$f" .ndjson)" -n ledger@kipp-desktop < "$f"; done
   Windows (cmd), untuk setiap NAMA di folder ledgers:
     ssh-keygen -Y verify -f allowed_signers -s ledgers\\NAMA.ndjson.sig ^
       -I NAMA -n ledger@kipp-desktop < ledgers\\NAMA.ndjson
   Jawaban yang benar: Good "ledger@kipp-desktop" signature for NAMA
   Bila ada folder forks, satu kunci telah menandatangani dua versi; periksa dengan cara yang sama,
   dengan NAMA = isi "author" pada baris pertamanya.
4. NAMA adalah sidik jari kunci itu: SHA-256 dari kunci publiknya.
     while read -r nama _ _ kunci; do
       echo "$nama $(printf %s "$kunci" | base64 -d | sha256sum)"; done < allowed_signers
   Kedua angka di setiap baris harus sama.
5. Siapa yang menandatangani: bandingkan sidik jari meja sekretariat dengan yang tercetak pada
   berita acara yang ditandatangani basah. Tanpa itu yang terbukti hanya keutuhan isi.
6. Setiap baris buku catatan adalah satu catatan (JSON); "prev" adalah SHA-256 baris sebelumnya.

ENGLISH
This file is a zip. Anybody can check it without our program.
1. Extract everything into an empty folder and open a terminal there.
2. Nothing was changed: run the command of step 2 above (on Windows certutil, file by file).
3. Every ledger was signed whole by the owner of its key: run the command of step 3 above.
   The right answer: Good "ledger@kipp-desktop" signature for NAME
   A folder forks means that one key signed two versions; check them the same way, with NAME = the
   "author" in their first line.
4. A ledger's name is the fingerprint of its key, the SHA-256 of the public key: the command of
   step 4 prints both; they must be equal on every line.
5. Who signed: compare the fingerprint of the secretariat's desk with the one printed in the
   minutes that were signed by hand. Without that comparison only wholeness is proved.
6. Each line of a ledger is one record (JSON); "prev" is the SHA-256 of the line before.
"""
