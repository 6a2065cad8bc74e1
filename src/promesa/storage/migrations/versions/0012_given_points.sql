-- A point of a sheet matched no house number; its level says what it is.

UPDATE orders SET placement = jsonb_set(placement, '{level}', '"given"')
 WHERE placement ->> 'source' = 'given' AND placement ->> 'level' = 'house';
