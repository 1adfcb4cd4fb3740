-- The tables of a projection's schema, with the columns of their primary keys.
CREATE OR REPLACE FUNCTION projector.tables(schema text) RETURNS TABLE (name text, key text[])
LANGUAGE sql
STABLE
AS $$
  SELECT c.relname::text, ARRAY(
    SELECT a.attname::text
    FROM pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (column_number, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.column_number
    WHERE i.indrelid = c.oid AND i.indisprimary
    ORDER BY k.place)
  FROM pg_class AS c
  WHERE c.relnamespace = to_regnamespace(tables.schema) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  ORDER BY c.relname
$$;
