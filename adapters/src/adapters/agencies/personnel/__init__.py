"""Personnel systems (인사 시스템): who works where, who is away and who acts meanwhile, nightly, for the directory."""
