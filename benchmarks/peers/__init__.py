"""The solvers side by side, one file each; none of them is imported before its own process."""
