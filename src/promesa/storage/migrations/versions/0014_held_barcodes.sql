-- A row for each barcode a merchant ever used. It says nothing; to write it again is to hold it.

CREATE TABLE held_barcodes (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    merchant_id UUID NOT NULL,
    barcode TEXT NOT NULL,
    CONSTRAINT held_barcodes_pkey PRIMARY KEY (tenant_id, merchant_id, barcode)
);
ALTER TABLE held_barcodes ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON held_barcodes
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON held_barcodes TO promesa_app;
ALTER TABLE held_barcodes ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
