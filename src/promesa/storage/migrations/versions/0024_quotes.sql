-- An operator's terms of offer: windows, cut-off, closed days and the two prices.

CREATE TABLE promise_terms (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    scope TEXT NOT NULL,
    terms JSONB NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    saved_by UUID NOT NULL,
    CONSTRAINT promise_terms_pkey PRIMARY KEY (tenant_id, scope)
);
ALTER TABLE promise_terms ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON promise_terms
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON promise_terms TO promesa_app;
ALTER TABLE promise_terms ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);

-- A quote that was accepted: its place is held until an order takes it, or it expires.

CREATE TABLE reservations (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    merchant_id UUID,
    depot_id UUID NOT NULL,
    date DATE NOT NULL,
    window_start TIMESTAMP WITH TIME ZONE NOT NULL,
    window_end TIMESTAMP WITH TIME ZONE NOT NULL,
    position_lon DOUBLE PRECISION NOT NULL,
    position_lat DOUBLE PRECISION NOT NULL,
    service_s BIGINT NOT NULL,
    work_s BIGINT NOT NULL,
    p_kept DOUBLE PRECISION NOT NULL,
    p_model DOUBLE PRECISION NOT NULL,
    price_clp BIGINT NOT NULL,
    quoted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    release_cause TEXT,
    order_id UUID,
    CONSTRAINT reservations_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX reservations_standing_idx ON reservations (tenant_id, expires_at, id)
    WHERE released_at IS NULL AND order_id IS NULL;
CREATE INDEX reservations_accepted_idx ON reservations (tenant_id, accepted_at);
ALTER TABLE reservations ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON reservations
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON reservations TO promesa_app;
ALTER TABLE reservations ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
