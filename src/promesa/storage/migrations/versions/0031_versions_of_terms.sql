-- Terms of capacity and of what is offered, each version for good: what stands is the newest.
-- Of those saved before, only the last one is known.

ALTER TABLE capacity_terms DROP CONSTRAINT capacity_terms_pkey;
ALTER TABLE capacity_terms
    ADD CONSTRAINT capacity_terms_pkey PRIMARY KEY (tenant_id, depot_id, version);

ALTER TABLE promise_terms ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE promise_terms ALTER COLUMN version DROP DEFAULT;
ALTER TABLE promise_terms DROP CONSTRAINT promise_terms_pkey;
ALTER TABLE promise_terms
    ADD CONSTRAINT promise_terms_pkey PRIMARY KEY (tenant_id, scope, version);
