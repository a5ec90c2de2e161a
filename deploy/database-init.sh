#!/bin/sh
# Run once by the database container: the two logins and the database, as docs/operations.md describes.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" --username postgres <<'SQL'
CREATE ROLE qianqi_owner LOGIN PASSWORD :'owner';
CREATE ROLE qianqi_app LOGIN PASSWORD :'app';
CREATE DATABASE qianqi OWNER qianqi_owner;
SQL
