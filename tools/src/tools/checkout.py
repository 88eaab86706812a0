"""Where this checkout lies: every tool works on the tree it was installed from (editable), never on the current directory."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
"""Top folder of the checkout (the one with `Makefile`)."""
