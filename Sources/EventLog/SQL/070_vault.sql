-- What must be able to vanish, kept out of the log: the keys that personal data in the log is sealed with. Erasing a person
-- deletes their key; the log, its hashes and everyone's numbers stay as they are.
CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE IF NOT EXISTS vault.keys (
  subject uuid PRIMARY KEY, -- the person
  key bytea NOT NULL CHECK (octet_length(key) = 32)
);

-- Secrets of this log as a whole, drawn when it is created. `email_pepper` keys the digests by which an address is found
-- without being readable, so that the log alone does not let anyone try addresses out.
CREATE TABLE IF NOT EXISTS vault.secrets (
  name text PRIMARY KEY,
  value bytea NOT NULL
);
INSERT INTO vault.secrets (name, value)
VALUES ('email_pepper', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
ON CONFLICT (name) DO NOTHING;
