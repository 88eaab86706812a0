"""대통령경호실: approval requests in NUL-separated files with a control file."""
