"""HTTP edge: schemas, handlers and streams. The only place that knows HTTP status codes."""
