"""The book as a DOCX: for reviewers who work in Word, and for publishers who want no PDF."""

from geppetto.docx.draft import stamp

__all__ = ["stamp"]
