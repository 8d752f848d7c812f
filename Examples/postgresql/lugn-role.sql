-- Makes the database and the role of a lugn-server, with the least that it needs. As a superuser:
--   psql -v ON_ERROR_STOP=1 -f lugn-role.sql
-- then set the password with \password lugn, and put it into a file that only lugn-server's user reads.
CREATE ROLE lugn LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 200;
CREATE DATABASE lugn ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE lugn FROM PUBLIC;
GRANT CONNECT ON DATABASE lugn TO lugn;
\connect lugn
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA lugn AUTHORIZATION lugn;
ALTER ROLE lugn IN DATABASE lugn SET search_path = lugn;
