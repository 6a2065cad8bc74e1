-- The server's secret, under which e-mails are digested: without it no list of addresses fits.

CREATE TABLE server_secrets (
    use text PRIMARY KEY,
    secret bytea NOT NULL
);
-- No policy and no grant: only the owner's function below reads it.
ALTER TABLE server_secrets ENABLE ROW LEVEL SECURITY;

-- An erased person is found by no e-mail any more.
ALTER TABLE users ALTER COLUMN email_digest DROP NOT NULL;

CREATE FUNCTION directory_secret(wanted text) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT secret FROM server_secrets WHERE use = wanted;
$$;

REVOKE ALL ON FUNCTION directory_secret(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory_secret(text) TO promesa_app;
