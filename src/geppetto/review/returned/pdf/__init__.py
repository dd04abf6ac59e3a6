"""Remarks in a returned PDF: its annotations, and the words beneath them."""

from geppetto.review.returned.pdf.belonging import label, printed
from geppetto.review.returned.pdf.reading import remarks

__all__ = ["label", "printed", "remarks"]
