"""Generated from the contracts: onnara.approval.v1."""
