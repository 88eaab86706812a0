"""Generated from the contracts: onnara.directory.v1."""
