"""Named instances, seeds and budgets; peers side by side in one run; recorded results."""
