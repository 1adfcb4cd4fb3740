-- For projectors and verbs of the last release, as long as they may run: projector.progress, which they read, lock and move by this name.
CREATE OR REPLACE VIEW projector.checkpoints AS
SELECT p.projection, p.shard, p.position, p.foresight, p.hash, p.recorded_at, p.applied_at, p.status, p.error, p.definition
FROM projector.progress AS p;
