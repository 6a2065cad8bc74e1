"""What evidence a stop needs, the hash-chained custody ledger, and the proof as a document."""
