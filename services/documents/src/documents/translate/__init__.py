"""Between the contracts' messages and the terms of documents."""
