"""Drafts out to reviewers, and their remarks home to the line."""
