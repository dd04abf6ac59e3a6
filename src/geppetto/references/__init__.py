"""Cross-references, citations and notes, resolved once for the whole book.

The order: `openings` gives each chapter its heading, `constructs` brings the
customs of pandoc-crossref, Quarto and GitHub to one form, `identifiers` makes
identifiers unique, `numbering` counts, `crossrefs` and `links` resolve, `citations`
hands over to citeproc and takes back, `quotations` sets quotation marks.
"""
