"""기획예산처 budget system: nightly batches of requests in fixed-width CP949, and its answers."""
