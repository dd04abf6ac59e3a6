"""Geppetto turns Markdown chapters with citations into a typeset PDF and an EPUB."""

from __future__ import annotations

__version__ = "0.1.0"
