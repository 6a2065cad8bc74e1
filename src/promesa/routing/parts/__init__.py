"""Big days: cut into parts that one search each improves, round after round, in processes."""
