"""The tables, as peewee sees them; the database is handed to each query, never bound."""

from __future__ import annotations

import peewee as pw


class _Table(pw.Model):
    """No implicit id: every table names its own key."""


class Document(_Table):
    """A named JSON text: the competition, the rules, the rubrics of the desk's next plan."""

    key = pw.TextField(primary_key=True)
    value = pw.TextField()


class OrganisationRow(_Table):
    """An organisation of the desk's next plan."""

    id = pw.TextField(primary_key=True)
    position = pw.IntegerField()
    name = pw.TextField()
    kind = pw.TextField()
    parent = pw.TextField(null=True)
    must_enter = pw.BooleanField()
    abbreviation = pw.TextField()

    class Meta:
        table_name = "organisation"


class EntryRow(_Table):
    """An entry of the desk's next plan; contact and phone are never signed nor exchanged."""

    id = pw.TextField(primary_key=True)
    position = pw.IntegerField()
    number = pw.TextField()
    title = pw.TextField()
    organisation = pw.TextField(null=True)
    unit = pw.TextField()
    group = pw.TextField(column_name="groupid")
    category = pw.TextField()
    summary = pw.TextField()
    fields = pw.TextField()
    contact = pw.TextField()
    phone = pw.TextField()

    class Meta:
        table_name = "entry"


class PersonRow(_Table):
    """A person of the desk's next plan; NIP and phone are never signed nor exchanged."""

    id = pw.TextField(primary_key=True)
    position = pw.IntegerField()
    name = pw.TextField()
    roles = pw.TextField()
    institution = pw.TextField()
    title = pw.TextField()
    conflicts = pw.TextField()
    nip = pw.TextField()
    phone = pw.TextField()

    class Meta:
        table_name = "person"


class AliasRow(_Table):
    """Another spelling of an organisation; ``key`` is what spellings of one name share."""

    key = pw.TextField(primary_key=True)
    name = pw.TextField()
    organisation = pw.TextField()

    class Meta:
        table_name = "alias"


class VerdictRow(_Table):
    """Whether an entry meets an item of the administrative selection's checklist."""

    entry = pw.TextField()
    item = pw.TextField()
    passed = pw.BooleanField()
    reason = pw.TextField()

    class Meta:
        table_name = "verdict"
        primary_key = pw.CompositeKey("entry", "item")


class AttachmentRow(_Table):
    """A file of an entry; ``type`` is ``pdf``, ``png`` or ``jpeg``, ``size`` in bytes."""

    entry = pw.TextField()
    sha256 = pw.TextField()
    name = pw.TextField()
    type = pw.TextField()
    size = pw.IntegerField()

    class Meta:
        table_name = "attachment"
        primary_key = pw.CompositeKey("entry", "sha256")


class ReceivedRow(_Table):
    """A file that was opened, and what came of it."""

    number = pw.AutoField()
    sha256 = pw.TextField()
    name = pw.TextField()
    at = pw.TextField()
    outcome = pw.TextField()
    records = pw.IntegerField()
    reason = pw.TextField()
    heads = pw.TextField()

    class Meta:
        table_name = "received"
