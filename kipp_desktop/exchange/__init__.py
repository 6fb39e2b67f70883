"""Carrying it to another laptop: keys, ledger files, bundles, spreadsheets in."""
