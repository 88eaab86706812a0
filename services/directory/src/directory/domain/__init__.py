"""Rules of the directory, pure: no database, no protobuf, no clock."""
