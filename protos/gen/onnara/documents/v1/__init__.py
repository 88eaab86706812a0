"""Generated from the contracts: onnara.documents.v1."""
