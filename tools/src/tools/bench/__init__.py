"""`make bench`: figures beside the ceiling of the same machine in the same run, one JSON line each."""
