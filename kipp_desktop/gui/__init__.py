"""Seeing and clicking: the only room that says PySide6. It draws what services say."""
