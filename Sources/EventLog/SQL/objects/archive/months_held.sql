-- The months that have a partition of batches in the database, in order, and what each takes, indexes included.
CREATE OR REPLACE FUNCTION log.months_held()
RETURNS TABLE (month date, partition regclass, bytes bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT to_date(substr(c.relname, length('batches_') + 1), 'YYYY_MM'), c.oid::regclass, pg_total_relation_size(c.oid)
  FROM pg_inherits AS i
  JOIN pg_class AS c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'log.batches'::regclass
  ORDER BY 1
$$;
