"""Generated from the contracts: onnara."""
