-- One service, named by :service. Run by provision.sh as administrator.
\set owner_password `printf %s "$OWNER_PASSWORD"`
\set service_password `printf %s "$SERVICE_PASSWORD"`
SET client_min_messages = warning;
-- Passwords must not appear in the server's log, whatever it is set to log.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';

SELECT format('CREATE ROLE %I LOGIN', :'service' || suffix)
FROM unnest(ARRAY['_owner', '_rpc', '_worker']) AS suffix
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service' || suffix) \gexec

SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'service' || suffix, password)
FROM (VALUES ('_owner', :'owner_password'), ('_rpc', :'service_password'), ('_worker', :'service_password')) AS roles (suffix, password) \gexec

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', :'service', :'service' || '_owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec

-- Services share a server and nothing else.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'service') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', :'service', :'service' || '_rpc', :'service' || '_worker') \gexec
