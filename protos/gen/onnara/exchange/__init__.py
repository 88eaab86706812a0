"""Generated from the contracts: onnara.exchange."""
