"""Plans the day ahead: what is due, with which fleet, and weeks ahead: demand, capacity."""
