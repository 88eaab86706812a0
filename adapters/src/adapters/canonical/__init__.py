"""What several adapters need between their format and the canonical messages: paths, days, words, disclosure. Pure."""
