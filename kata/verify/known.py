"""Names of libraries that a solution may use though no cell has shown them."""

KNOWN = {
    "Any": "says that a type is not looked at; who knows annotations knows it",
    "Callable": "the usual annotation of a function, read without any explanation",
    "AsyncIterator": "the annotation of an async generator, always in the signature",
    "Iterator": "the annotation of a generator, always in the signature",
}
"""Each with the reason why nobody has to be shown it."""
