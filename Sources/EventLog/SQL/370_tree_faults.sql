-- Where a shard's Merkle tree is not what its batches make of it: the first leaf that is not the batch that ends there, and the
-- first node that is not the hash of its children or is missing; no row when it holds. Batches that are archived are not looked
-- for: their leaves are held against the nodes above.
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
  ), batches AS MATERIALIZED (
    SELECT b.last_position, b.hash, row_number() OVER (ORDER BY b.last_position DESC) AS from_end
    FROM log.batch_links(tree_faults.shard, 0, NULL) AS b, size AS s
    WHERE b.last_position <= s.last_position
  ), bad_leaf AS (
    SELECT b.last_position, format('leaf %s of the published Merkle tree is not the batch that ends at position %s',
      s.leaves - b.from_end, b.last_position) AS reason
    FROM batches AS b
    CROSS JOIN size AS s
    LEFT JOIN leaves AS l ON l.index = s.leaves - b.from_end
    WHERE (l.last_position, l.hash) IS DISTINCT FROM (b.last_position, b.hash)
    ORDER BY b.last_position
    LIMIT 1
  ), levels AS (
    SELECT h.height, s.leaves >> h.height AS nodes
    FROM size AS s, generate_series(1, 62) AS h (height)
    WHERE s.leaves >> h.height > 0
  ), bad_node AS (
    SELECT coalesce(t.last_position, s.last_position) AS last_position,
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
  SELECT f.last_position, f.last_position, f.reason
  FROM (SELECT * FROM bad_leaf UNION ALL SELECT * FROM bad_node) AS f
$$;
