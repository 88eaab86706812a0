"""Checks that no linter brings: generated contracts, sizes, words. `python -m tools.checks NAME` runs one of them."""
