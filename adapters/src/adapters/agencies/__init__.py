"""One folder per agency system: `adapter.toml` says what a table can say, `adapter.py` the rest. Loaded by `catalogue`."""
