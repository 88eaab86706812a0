"""Generated from the contracts: onnara.common.v1."""
