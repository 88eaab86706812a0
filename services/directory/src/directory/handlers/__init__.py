"""Commands of the directory: sets of records, sign-in and sessions, keys. Each writes through a unit of work."""
