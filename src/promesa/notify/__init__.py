"""Tells the recipient: messages per language, policy, outbox, and one file per channel vendor."""
