-- The series of the schema that the search_path names first, as log.create_series() was told of them.
CREATE OR REPLACE FUNCTION log.series_at_hand()
RETURNS TABLE (
  name text, label text, minutes integer, most integer, is_timed boolean, keeps_totals boolean
)
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
  RETURN QUERY
  SELECT c.relname::text, s.label, s.minutes, s.most, s.is_timed, s.keeps_totals
  FROM pg_class AS c
  CROSS JOIN LATERAL obj_description(c.oid, 'pg_class') AS d (text)
  CROSS JOIN LATERAL jsonb_to_record(CASE WHEN d.text LIKE '{"series"%' THEN d.text::jsonb -> 'series' END) AS s (
    label text, minutes integer, most integer, is_timed boolean, keeps_totals boolean)
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND s.minutes IS NOT NULL
  ORDER BY c.relname;
END
$$;
