-- A recipient may ask to correct the address; what was asked is kept with the person, sealed.

ALTER TABLE orders ADD COLUMN correction_asked_at timestamptz;

-- Few at all times: whoever answers takes the question away.
CREATE INDEX orders_correction_idx ON orders (tenant_id, correction_asked_at, id)
    WHERE correction_asked_at IS NOT NULL;

-- A merchant that stopped working with us keeps its orders and its history.
ALTER TABLE merchants ADD COLUMN is_active boolean NOT NULL DEFAULT true;
