"""Generated from the contracts: onnara.exchange.v1."""
