"""Composition: settings to a running platform, observation, live broadcast, reactions, jobs."""
