"""Generated from the contracts: onnara.common."""
