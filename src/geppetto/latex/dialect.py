"""From the resolved tree to the tree that Pandoc's LaTeX writer is given.

What the book's own macros set (headings, figures, captions, notes held back,
lists, links, code, quotation marks, languages) becomes raw LaTeX around the
content; what Pandoc writes well (words, tables, mathematics, highlighted code)
stays. The macros are those of `templates/latex/`.
"""

from __future__ import annotations

from geppetto.latex import blocks, captioned, divisions, inlines
from geppetto.latex.rewriting import Context, block

__all__ = ["RULES", "Context", "block"]

# Each module has put its rules into the tables.
RULES = {module.__name__: module for module in (blocks, captioned, divisions, inlines)}
