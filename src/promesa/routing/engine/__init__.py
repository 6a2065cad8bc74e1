"""The search: kernels compiled by numba over flat arrays, and what drives them."""
