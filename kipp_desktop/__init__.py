"""KIPP Desktop: runs a public-service innovation competition on laptops without a network."""

__version__ = "0.1.0"
