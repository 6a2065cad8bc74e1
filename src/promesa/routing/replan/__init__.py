"""Calm re-planning: what to change in a day that is being driven, change by change."""
