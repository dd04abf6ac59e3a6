"""From a folder to its editions: the one place that knows every step.

`reading` gives the book, `resolving` what its parts say of each other,
`editions` each output's file, `building` puts them in their place.
"""
