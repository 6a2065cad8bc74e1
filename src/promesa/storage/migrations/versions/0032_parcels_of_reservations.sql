-- How many parcels a held place is for: vans hold so many and no more.
-- Reservations of before say nothing of it: 0 is unknown, and counts as a usual order.

ALTER TABLE reservations ADD COLUMN parcels BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reservations ALTER COLUMN parcels DROP DEFAULT;
