-- Forecasts as they were made: what was said on a day is judged by what came.

CREATE TABLE demand_forecasts (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    origin DATE NOT NULL,
    outlook JSONB NOT NULL,
    CONSTRAINT demand_forecasts_pkey PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX demand_forecasts_made_idx ON demand_forecasts (tenant_id, made_at);

ALTER TABLE demand_forecasts ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON demand_forecasts USING
    (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON demand_forecasts TO promesa_app;
