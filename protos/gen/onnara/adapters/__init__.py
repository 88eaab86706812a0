"""Generated from the contracts: onnara.adapters."""
