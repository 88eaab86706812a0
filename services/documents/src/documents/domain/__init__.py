"""Rules of documents, pure: what may be submitted, what is decided on, how a copy moves. Each cites what it rests on."""
