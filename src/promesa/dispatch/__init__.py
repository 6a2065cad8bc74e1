"""The day in motion: routes published, what a driver can do at a stop, retries and returns."""
