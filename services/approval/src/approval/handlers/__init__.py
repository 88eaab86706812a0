"""What changes lines: batches in, one statement per table, outcomes out. Handlers never commit."""
