"""Nothing is lost: what the Markdown says, compared with what stands in the finished editions."""
