"""The staff web interface: pages rendered here, every fact and every rule asked of the services over gRPC."""
