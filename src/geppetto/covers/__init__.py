"""Covers: three designs or the author's picture, for an e-book's front and a printed sheet."""
