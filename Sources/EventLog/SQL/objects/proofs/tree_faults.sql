-- Where a shard's Merkle tree is not what its batches make of it: the first leaf that is not the batch that ends there, and the
-- first node that is not the hash of its children or is missing; no row when it holds. Batches that are archived are not looked
-- for: their leaves are held against the nodes above.
--
-- Leaf and batch are matched by where they end, never by counting: one too many or too few would shift all the others, and the fault
-- be named at the first of them, which is as it was.
CREATE OR REPLACE FUNCTION log.tree_faults(shard integer)
RETURNS TABLE (first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH leaves AS MATERIALIZED (
    SELECT t.index, t.last_position, t.hash
    FROM log.tree AS t
    WHERE t.shard = tree_faults.shard AND t.level = 0
  ), size AS (
    SELECT count(*) AS leaves, max(l.last_position) AS last_position FROM leaves AS l
  ), archived AS (
    SELECT coalesce(max(a.last_position), 0) AS last_position FROM log.archives AS a WHERE a.shard = tree_faults.shard
  ), batches AS MATERIALIZED (
    SELECT b.last_position, b.hash
    FROM log.batch_links(tree_faults.shard, 0, NULL) AS b, size AS s
    WHERE b.last_position <= s.last_position
  ), pairs AS (
    SELECT p.*, lag(p.last_position, 1, 0::bigint) OVER (ORDER BY p.last_position) + 1 AS first_position,
      count(p.index) OVER (ORDER BY p.last_position) - 1 AS due
    FROM (
      SELECT coalesce(b.last_position, l.last_position) AS last_position, l.index, l.hash, b.hash AS batch_hash,
        b.last_position IS NOT NULL AS has_batch
      FROM leaves AS l
      FULL JOIN batches AS b ON b.last_position = l.last_position
    ) AS p
  ), judged AS (
    SELECT p.first_position, p.last_position,
      CASE
        WHEN p.index IS NULL THEN format(
          'the published Merkle tree has no leaf for the batch that ends at position %s', p.last_position)
        WHEN NOT p.has_batch AND p.last_position > a.last_position THEN format(
          'leaf %s of the published Merkle tree is a batch that ends at position %s, and the log has none', p.index, p.last_position)
        WHEN p.has_batch AND p.hash <> p.batch_hash THEN format(
          'leaf %s of the published Merkle tree is not the batch that ends at position %s', p.index, p.last_position)
        WHEN p.index <> p.due THEN format(
          'leaf %s of the published Merkle tree stands where leaf %s is due', p.index, p.due)
      END AS reason
    FROM pairs AS p
    CROSS JOIN archived AS a
  ), bad_leaf AS (
    SELECT j.first_position, j.last_position, j.reason
    FROM judged AS j
    WHERE j.reason IS NOT NULL
    ORDER BY j.last_position
    LIMIT 1
  ), levels AS (
    SELECT h.height, s.leaves >> h.height AS nodes
    FROM size AS s, generate_series(1, 62) AS h (height)
    WHERE s.leaves >> h.height > 0
  ), bad_node AS (
    SELECT coalesce((
        SELECT o.last_position FROM leaves AS o WHERE o.index = (n.index << v.height) - 1), 0) + 1 AS first_position,
      coalesce(t.last_position, s.last_position) AS last_position,
      format('node %s at level %s of the published Merkle tree is not the hash of what stands beneath it', n.index, v.height)
        AS reason
    FROM levels AS v
    CROSS JOIN size AS s
    CROSS JOIN LATERAL generate_series(0, v.nodes - 1) AS n (index)
    LEFT JOIN log.tree AS t ON t.shard = tree_faults.shard AND t.level = v.height AND t.index = n.index
    LEFT JOIN log.tree AS l ON l.shard = tree_faults.shard AND l.level = v.height - 1 AND l.index = n.index * 2
    LEFT JOIN log.tree AS r ON r.shard = tree_faults.shard AND r.level = v.height - 1 AND r.index = n.index * 2 + 1
    WHERE t.hash IS DISTINCT FROM log.node_hash(v.height, l.hash, r.hash)
    ORDER BY v.height, n.index
    LIMIT 1
  )
  SELECT f.first_position, f.last_position, f.reason
  FROM (SELECT * FROM bad_leaf UNION ALL SELECT * FROM bad_node WHERE NOT EXISTS (SELECT FROM bad_leaf)) AS f
$$;
