"""Indicators that open to their formula and rows, and the report of the day."""
