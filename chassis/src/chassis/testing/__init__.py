"""For tests only: real servers, fresh databases, a frozen clock, a blob folder. Our own parts are never mocked."""
