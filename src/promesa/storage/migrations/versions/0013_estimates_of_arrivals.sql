-- What was said of each arrival two hours, half an hour and ten minutes before, to be judged by it.

CREATE TABLE arrival_estimates (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    stop_id UUID NOT NULL,
    horizon_min BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    p10 TIMESTAMP WITH TIME ZONE NOT NULL,
    p50 TIMESTAMP WITH TIME ZONE NOT NULL,
    p90 TIMESTAMP WITH TIME ZONE NOT NULL,
    basis TEXT NOT NULL,
    CONSTRAINT arrival_estimates_pkey PRIMARY KEY (tenant_id, stop_id, horizon_min)
);
CREATE INDEX arrival_estimates_made_idx ON arrival_estimates (tenant_id, made_at);
ALTER TABLE arrival_estimates ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON arrival_estimates
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON arrival_estimates TO promesa_app;
ALTER TABLE arrival_estimates ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
