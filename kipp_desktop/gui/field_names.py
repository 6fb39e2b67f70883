"""What the fields of tables are called for people, by their ids in ``exchange.tables``."""

from __future__ import annotations

from typing import Final

from kipp_desktop.texts import Text

FIELD_TEXTS: Final = {
    "number": Text("Number"),
    "title": Text("Title"),
    "organisation": Text("Agency"),
    "unit": Text("Unit"),
    "group": Text("Group"),
    "category": Text("Category"),
    "summary": Text("Summary"),
    "contact": Text("Contact"),
    "phone": Text("Phone"),
    "name": Text("Name"),
    "roles": Text("Roles"),
    "institution": Text("Institution"),
    "nip": Text("NIP"),
    "position": Text("Position"),
    "conflicts": Text("Conflicts"),
    "type": Text("Kind"),
    "parent": Text("Organisation above it"),
    "must_enter": Text("Must enter"),
    "short_name": Text("Short name"),
    "year": Text("Year"),
    "award": Text("Award"),
    "claim": Text("Claim"),
    "criterion": Text("Criterion"),
}
