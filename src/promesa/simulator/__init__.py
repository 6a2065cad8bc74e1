"""A seeded day in a city that drives the real platform through its HTTP API, and checks the day after."""
