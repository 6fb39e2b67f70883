"""Competitions whose real files are attacked."""

from tests.flow.conftest import (  # noqa: F401 - fixtures
    _planned,
    _published,
    _scored,
    planned,
    published,
    scored,
)
