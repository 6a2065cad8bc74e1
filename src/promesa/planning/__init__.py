"""Plans the day ahead: what is due, with which fleet.

Forecasts, sizing, shifts and docks will live here.
"""
