"""The nouns of the last mile and their state machines: immutable, without I/O.

The words are those of docs/dictionary.md, and only those.
"""
