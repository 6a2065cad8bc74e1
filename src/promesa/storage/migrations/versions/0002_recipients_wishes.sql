-- An address that wants no more messages by a channel: a keyed digest of it, never the address.

CREATE TABLE declined_channels (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    channel TEXT NOT NULL,
    address_digest BYTEA NOT NULL,
    declined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT declined_channels_pkey PRIMARY KEY (tenant_id, channel, address_digest)
);
ALTER TABLE declined_channels ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON declined_channels
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON declined_channels TO promesa_app;
ALTER TABLE declined_channels ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);

ALTER TABLE merchants ADD COLUMN phone TEXT;
