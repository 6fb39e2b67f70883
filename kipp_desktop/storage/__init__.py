"""Remembering on this laptop: the only room that says peewee."""
