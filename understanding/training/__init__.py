"""Training and evaluation of the sign detector; not needed while the product runs."""
