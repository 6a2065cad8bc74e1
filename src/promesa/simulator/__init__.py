"""A seeded day in a city, driving the real platform through its HTTP API.

The day is checked afterwards from its event log alone.
"""
