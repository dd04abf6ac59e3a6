"""Print files: a finished PDF made what a printer takes. Knows pikepdf, Pillow and pypdfium2."""
