-- The two roles of the desk, made by PostgreSQL's superuser in the desk's database: desk_owner migrates and owns,
-- desk serves and gets from each migration what it needs. psql reads the passwords from files, so that they stand on
-- no command line. May be run again; it then sets the passwords anew.
\set ON_ERROR_STOP on
\set application `cat "${SECRETS:-/run/secrets}/database_password"`
\set owner `cat "${SECRETS:-/run/secrets}/owner_password"`

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['desk', 'desk_owner']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- A statement that fails is not to bring a password into the log of the server.
SET log_min_error_statement = panic;
ALTER ROLE desk LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'application';
ALTER ROLE desk_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'owner';
-- What the desk else says with each connection; behind a pooler in transaction mode it cannot.
ALTER ROLE desk SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE desk SET jit = off;

ALTER DATABASE :"DBNAME" OWNER TO desk_owner;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO desk;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
