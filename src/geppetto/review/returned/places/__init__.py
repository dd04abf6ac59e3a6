"""Where words that a reader saw stand in the sources of a draft."""
