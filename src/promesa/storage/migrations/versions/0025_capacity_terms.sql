-- What a planner keeps of a depot's capacity: contract, spot, doors, the share of promises to keep.

CREATE TABLE capacity_terms (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    depot_id UUID NOT NULL,
    contract_vehicles BIGINT NOT NULL,
    contract_day_cost_clp BIGINT NOT NULL,
    contract_days_min BIGINT NOT NULL,
    spot_vehicles BIGINT NOT NULL,
    spot_day_cost_clp BIGINT NOT NULL,
    doors BIGINT,
    loading_min BIGINT NOT NULL,
    loading_span_min BIGINT NOT NULL,
    target DOUBLE PRECISION NOT NULL,
    version BIGINT NOT NULL,
    author_id UUID,
    saved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT capacity_terms_pkey PRIMARY KEY (tenant_id, depot_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id),
    FOREIGN KEY (tenant_id, depot_id) REFERENCES depots (tenant_id, id)
);

ALTER TABLE capacity_terms ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON capacity_terms USING
    (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON capacity_terms TO promesa_app;
