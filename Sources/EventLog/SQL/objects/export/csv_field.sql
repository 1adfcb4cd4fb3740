-- Text as a field of RFC 4180: always in quotes, quotes within doubled.
CREATE OR REPLACE FUNCTION log.csv_field(value text) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT '"' || replace(value, '"', '""') || '"'
$$;
