"""From the masters to everything that is derived from them."""
