"""The EPUB: pages from the resolved book, package, navigation, metadata, cover, archive."""
