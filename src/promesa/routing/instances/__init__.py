"""Benchmark instances of the field, read into our problem, each with its own cost convention."""
