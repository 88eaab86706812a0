"""Messages of the services -> what templates show. Pure: a message and a reader in, plain records out."""
