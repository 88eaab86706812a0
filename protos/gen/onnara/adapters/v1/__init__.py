"""Generated from the contracts: onnara.adapters.v1."""
