-- The tables of places of the schema that the search_path names first, as log.create_places() was told of them.
CREATE OR REPLACE FUNCTION log.places_at_hand()
RETURNS TABLE (name text)
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
  RETURN QUERY
  SELECT c.relname::text
  FROM pg_class AS c
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    AND obj_description(c.oid, 'pg_class') = '{"places": true}'
  ORDER BY c.relname;
END
$$;
