"""Generated from the contracts: onnara.documents."""
