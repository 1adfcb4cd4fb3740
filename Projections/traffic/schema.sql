-- All tables are series (log.create_series): the projector keeps them, and apply.sql has nothing to say.

-- All requests together. The one table of which something stays when detail goes: a day's total.
SELECT log.create_series('days', label => '', minutes => 15, most => 1, is_timed => true, keeps_totals => true);

-- The same by the minute, for charts of an hour or two.
SELECT log.create_series('minutes', label => '', minutes => 1, most => 1, is_timed => true, keeps_totals => false);

-- 20,000 different endpoints are more than anybody's API has; a crawler finds as many in an hour.
SELECT log.create_series(
  'endpoints', label => 'method template', minutes => 15, most => 20000, is_timed => true, keeps_totals => false);

-- Raw paths are as many as there are ids in them. Those that come first each day are counted one by one.
SELECT log.create_series(
  'paths', label => 'method path', minutes => 15, most => 2000, is_timed => false, keeps_totals => false);

-- Who called, in which release of the API, with which key.
SELECT log.create_series(
  'consumers', label => 'consumer', minutes => 15, most => 10000, is_timed => true, keeps_totals => false);
SELECT log.create_series(
  'releases', label => 'release', minutes => 15, most => 500, is_timed => true, keeps_totals => false);
SELECT log.create_series('keys', label => 'key', minutes => 15, most => 1000, is_timed => true, keeps_totals => false);

-- All that tell requests apart, so that one query asks any of them: a series that is not asked for is not looked at.
CREATE VIEW labels AS
SELECT 'endpoint' AS series, t.shard, t.project_id, t.mode, t.at, t.hash, t.label, t.total, t.cells FROM endpoints AS t
UNION ALL
SELECT 'path', t.shard, t.project_id, t.mode, t.at, t.hash, t.label, t.total, t.cells FROM paths AS t
UNION ALL
SELECT 'consumer', t.shard, t.project_id, t.mode, t.at, t.hash, t.label, t.total, t.cells FROM consumers AS t
UNION ALL
SELECT 'release', t.shard, t.project_id, t.mode, t.at, t.hash, t.label, t.total, t.cells FROM releases AS t
UNION ALL
SELECT 'key', t.shard, t.project_id, t.mode, t.at, t.hash, t.label, t.total, t.cells FROM keys AS t;

-- `version`: which transaction wrote a row, and where it lies. PostgreSQL changes them with every change of a row.
CREATE VIEW label_blocks AS
SELECT 'endpoint' AS series, b.shard, b.project_id, b.mode, b.at, b.labels, b.ranks, b.xmin || ' ' || b.ctid AS version
FROM endpoints_blocks AS b
UNION ALL
SELECT 'path', b.shard, b.project_id, b.mode, b.at, b.labels, b.ranks, b.xmin || ' ' || b.ctid FROM paths_blocks AS b
UNION ALL
SELECT 'consumer', b.shard, b.project_id, b.mode, b.at, b.labels, b.ranks, b.xmin || ' ' || b.ctid FROM consumers_blocks AS b
UNION ALL
SELECT 'release', b.shard, b.project_id, b.mode, b.at, b.labels, b.ranks, b.xmin || ' ' || b.ctid FROM releases_blocks AS b
UNION ALL
SELECT 'key', b.shard, b.project_id, b.mode, b.at, b.labels, b.ranks, b.xmin || ' ' || b.ctid FROM keys_blocks AS b;
