"""Typing a command: the same services as the window, so that the window cannot cheat."""

from __future__ import annotations

from kipp_desktop.cli.program import build_parser, main

__all__ = ["build_parser", "main"]
