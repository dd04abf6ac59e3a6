"""Remarks that are kept: in files an author may write in, carried into today's text, shown, applied."""
