"""What changed between two revisions of a book: compared, counted, and shown in one tree.

Both are compared as resolved, tree with tree. `aligning` finds what belongs
together, by `likeness`; `blocks`, `tables`, `inlines` (of `tokens`) and `lines` compare it;
`documents` compares a book, with `moves` and `numbering`; `sides` takes one
revision out again; `showing` and `bygone` make a tree with marks ready for
editions, `edition` a book, with the page of `summary`; `tracked` makes of marks
what Pandoc's DOCX writer takes for tracked changes.
"""
