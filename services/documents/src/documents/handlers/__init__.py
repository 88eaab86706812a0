"""What messages and commands do to cards, by subject. Set-based: the number of statements does not grow with the batch."""
