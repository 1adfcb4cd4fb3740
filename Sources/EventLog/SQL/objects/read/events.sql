-- For people with psql: every event of every shard.
CREATE OR REPLACE VIEW log.events AS
SELECT e.*
FROM log.heads AS h, log.read(h.shard, 0, h.last_position) AS e;
