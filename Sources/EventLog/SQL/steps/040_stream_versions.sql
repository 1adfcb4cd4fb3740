-- The versions of domain streams: optimistic concurrency (promise 4), and the way to load a stream without reading the
-- whole log. Telemetry has no rows here.
CREATE TABLE IF NOT EXISTS log.stream_versions (
  shard integer NOT NULL,
  stream text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  position bigint NOT NULL,
  PRIMARY KEY (shard, stream, version)
);
