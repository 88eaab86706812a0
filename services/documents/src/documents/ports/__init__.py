"""What documents asks of others: the directory, as the replica has it."""
