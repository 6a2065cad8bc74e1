-- A line of a sheet with a column for each comuna tells many counts: each is kept by its place in
-- the file. Of counts kept before, that place is their line.

ALTER TABLE demand_counts RENAME COLUMN line TO place;
