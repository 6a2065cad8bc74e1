-- Which pictures have a record: the sweep of those that have none asks by the beginning of a name.

CREATE INDEX evidence_blob_idx ON evidence (tenant_id, blob_name);
