"""Documents as files: ``Sheet`` (what is printed) -> PDF, ODT or pubdoc bytes. Knows no messages, no database, no settings."""
