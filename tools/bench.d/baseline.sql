-- What most people write: a table of events with a unique id, and a counter that each event increments.
DROP SCHEMA IF EXISTS baseline CASCADE;
CREATE SCHEMA baseline;
CREATE TABLE baseline.events (
  id uuid PRIMARY KEY, project text NOT NULL, endpoint text NOT NULL, method text NOT NULL, status_code integer NOT NULL,
  response_time_ms double precision NOT NULL, "timestamp" timestamptz NOT NULL
);
CREATE TABLE baseline.usage (project text, month date, used bigint NOT NULL, PRIMARY KEY (project, month))
WITH (fillfactor = 70);
