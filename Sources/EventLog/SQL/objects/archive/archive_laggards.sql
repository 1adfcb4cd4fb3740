-- Who has not taken in all of a month yet, in words; no row when its events have done their work and may leave the database. The
-- archive can be read by position afterwards, but those who follow the log shall not have to.
--
-- They keep their progress in schemas of their own, which are installed after the log or not at all: so asked for by name.
CREATE OR REPLACE FUNCTION log.archive_laggards(month date)
RETURNS TABLE (laggard text)
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
  follower record;
BEGIN
  FOR follower IN
    SELECT f.progress
    FROM (VALUES
      ('projector.progress',
        'SELECT format(''read model %s'', p.projection), p.shard, p.position FROM projector.progress AS p'),
      -- Its name until a projector of this release has run; then a view.
      ('projector.checkpoints',
        'SELECT format(''read model %s'', c.projection), c.shard, c.position FROM projector.checkpoints AS c'),
      ('operations.reactors', 'SELECT format(''reactor %s'', r.reactor), r.shard, r.position FROM operations.reactors AS r')
    ) AS f (relation, progress)
    JOIN pg_class AS t ON t.oid = to_regclass(f.relation) AND t.relkind = 'r'
  LOOP
    -- Taken in, too, must be the voids that reach into the month: they have its days counted again (log.read_beside_voids).
    RETURN QUERY EXECUTE format(
      $progress$
        SELECT format('%%s is at position %%s of shard %%s, which it must have taken in to %%s', p.name, p.position, m.shard, m.last_position)
        FROM (%s) AS p (name, shard, position)
        JOIN (
          SELECT m.shard, m.last_position FROM log.month_shards($1) AS m
          UNION ALL
          SELECT v.shard, v.position FROM log.voids AS v
          WHERE v."from" < extract(epoch FROM ($1 + interval '1 month 1 day') AT TIME ZONE 'UTC') * 1000
        ) AS m ON m.shard = p.shard AND m.last_position > p.position
        ORDER BY 1
      $progress$, follower.progress)
    USING archive_laggards.month;
  END LOOP;
END
$$;
