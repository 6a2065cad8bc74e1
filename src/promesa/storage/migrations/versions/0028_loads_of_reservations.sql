-- What a held place takes of the vans: they may be full of volume before their hours are.
-- Reservations of before say nothing of it: 0 is unknown, as it is of a quote without parcels.

ALTER TABLE reservations ADD COLUMN weight_g BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reservations ADD COLUMN volume_ml BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reservations ALTER COLUMN weight_g DROP DEFAULT;
ALTER TABLE reservations ALTER COLUMN volume_ml DROP DEFAULT;

-- Whose order is erased has its reservation forgotten too.
CREATE INDEX reservations_order_idx ON reservations (tenant_id, order_id)
    WHERE order_id IS NOT NULL;
