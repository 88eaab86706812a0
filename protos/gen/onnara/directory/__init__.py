"""Generated from the contracts: onnara.directory."""
