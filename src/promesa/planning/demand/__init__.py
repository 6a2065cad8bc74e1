"""What is known of demand: the events that move it and the history of orders, by series and day."""
