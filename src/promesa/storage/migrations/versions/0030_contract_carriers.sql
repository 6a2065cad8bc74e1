-- Whose vans a depot's contract brings; empty where nobody said.
ALTER TABLE capacity_terms ADD COLUMN contract_carrier text NOT NULL DEFAULT '';
ALTER TABLE capacity_terms ALTER COLUMN contract_carrier DROP DEFAULT;
