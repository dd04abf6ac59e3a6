"""The PDF edition: LaTeX written, typeset to a fixed point, its messages brought home."""
