"""Letters to reviewers, with their copies: written as messages, given to a server."""
