"""Generated from the contracts: onnara.approval."""
