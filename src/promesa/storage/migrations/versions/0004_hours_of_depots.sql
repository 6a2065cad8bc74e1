ALTER TABLE depots ADD COLUMN address text;
ALTER TABLE depots ADD COLUMN opens time without time zone;
ALTER TABLE depots ADD COLUMN closes time without time zone;
