"""Orders come in: idempotent intake, import layouts, addresses and their review queue."""
