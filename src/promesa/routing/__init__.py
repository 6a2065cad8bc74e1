"""The routing problem in our nouns, its solver, its explanations and an independent checker."""
