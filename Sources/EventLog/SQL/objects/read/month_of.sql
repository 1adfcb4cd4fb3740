-- The calendar month (UTC), such as 2026-11, of a time in milliseconds since 1970.
CREATE OR REPLACE FUNCTION log.month_of(milliseconds bigint) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT to_char('1970-01-01 00:00:00'::timestamp + milliseconds / 1000 * interval '1 second', 'YYYY-MM')
$$;
