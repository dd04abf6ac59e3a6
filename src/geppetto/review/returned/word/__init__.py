"""Remarks in a returned DOCX: its comments and tracked changes."""

from geppetto.review.returned.word.belonging import label, printed
from geppetto.review.returned.word.package import Broken, Package
from geppetto.review.returned.word.reading import read

__all__ = ["Broken", "Package", "label", "printed", "read"]
