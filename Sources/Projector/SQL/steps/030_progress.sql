-- How far a read model has followed the log is its progress; a checkpoint is what is signed and published (log.checkpoints). Programs of
-- the last release know the table by its old name, which is a view over it from now on (objects/status/checkpoints.sql).
--
-- Who reads `status` has it before it has the table, so we take both in that order; it comes back with the objects. And nobody is to
-- stand behind us while we wait for one who reads for long, such as a replay of the last release that compares: then it is tried again.
SET LOCAL lock_timeout = '2s';
DROP VIEW IF EXISTS projector.status;
ALTER TABLE projector.checkpoints RENAME TO progress;
ALTER TABLE projector.progress RENAME CONSTRAINT checkpoints_pkey TO progress_pkey;
ALTER TABLE projector.progress RENAME CONSTRAINT checkpoints_status_check TO progress_status_check;
SET LOCAL lock_timeout TO DEFAULT;
