"""Promesa runs last-mile delivery: foresee, route, trace, tell, prove, learn."""

__version__ = "0.1.0"
