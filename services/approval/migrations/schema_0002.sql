-- What a line is about, as the rules of delegated decision ask for it. kind: number of the contract's DocumentKind.

ALTER TABLE line ADD COLUMN kind integer NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN task_code text NOT NULL DEFAULT '';
