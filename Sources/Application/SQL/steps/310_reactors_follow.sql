-- A reactor's place has what every follower's checkpoint has (Sources/EventLog/Follow): (position, hash) says which prefix of the log it
-- has seen, and a place that is stopped is not moved.
ALTER TABLE operations.reactors
  ADD COLUMN hash bytea, -- the chain's link at `position`; NULL for a place from before this step, until it moves
  ADD COLUMN recorded_at timestamptz, -- of the event at `position`; NULL before the first
  ADD COLUMN applied_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'stopped'));
