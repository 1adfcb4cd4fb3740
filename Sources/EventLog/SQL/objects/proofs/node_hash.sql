-- The hash of an inner node (RFC 6962, 2.1) from what log.tree holds of its two children: leaves are kept as their data.
CREATE OR REPLACE FUNCTION log.node_hash(level integer, left_child bytea, right_child bytea) RETURNS bytea
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT CASE
    WHEN level = 1 THEN sha256('\x01' || sha256('\x00' || left_child) || sha256('\x00' || right_child))
    ELSE sha256('\x01' || left_child || right_child)
  END
$$;
