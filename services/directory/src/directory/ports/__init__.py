"""What the directory needs from outside its database: hashing of passwords, and the files that hold private keys."""
