"""The gRPC side of the adapters: connections and their records, mappings."""
