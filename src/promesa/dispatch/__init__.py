"""The day in motion: plan to published routes, what a driver can do at a stop, retries and returns."""
