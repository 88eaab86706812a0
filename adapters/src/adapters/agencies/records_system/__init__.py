"""Records systems (기록관리시스템): production reports and transfers of records out, answers and classifications in."""
