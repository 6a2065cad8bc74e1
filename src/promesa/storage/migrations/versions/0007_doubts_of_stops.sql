-- What the driver collected at a visit, and what about it a person still has to decide.

ALTER TABLE stops ADD COLUMN cod_collected_clp bigint;
ALTER TABLE stops ADD COLUMN doubt text;

-- Few at all times: whoever decides takes the doubt away.
CREATE INDEX stops_doubt_idx ON stops (tenant_id, closed_at, id) WHERE doubt IS NOT NULL;
