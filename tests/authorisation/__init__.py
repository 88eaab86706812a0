"""Who may do what: a table of every method of the suite and everybody who could call it, and the test that carries it out."""
