-- What a driver hands in, what the warehouse counted of it, and proofs that were taken back.

ALTER TABLE routes ADD COLUMN handed_in_at timestamptz;
ALTER TABLE routes ADD COLUMN cash_told_clp bigint;
ALTER TABLE routes ADD COLUMN cash_counted_clp bigint;

ALTER TABLE evidence ADD COLUMN withdrawn_at timestamptz;
