-- What must be able to vanish, kept out of the log: the keys that personal data in the log is sealed with. Erasing a person
-- deletes their key; the log, its hashes and everyone's numbers stay as they are.
CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE IF NOT EXISTS vault.keys (
  subject uuid PRIMARY KEY, -- the person
  key bytea CHECK (octet_length(key) = 32) -- NULL once the person is erased, so that nobody draws them another
);
ALTER TABLE vault.keys ALTER COLUMN key DROP NOT NULL;

-- Secrets of this log as a whole, drawn when it is created. `email_pepper` keys the digests by which an address is found
-- without being readable, so that the log alone does not let anyone try addresses out. `jwt_key` signs access and refresh
-- tokens, and `mail_token_key` makes the tokens in mails from their ids: drawing either anew voids all that were given out.
CREATE TABLE IF NOT EXISTS vault.secrets (
  name text PRIMARY KEY,
  value bytea NOT NULL
);
INSERT INTO vault.secrets (name, value)
SELECT name, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
FROM unnest(ARRAY['email_pepper', 'jwt_key', 'mail_token_key']) AS name
ON CONFLICT (name) DO NOTHING;
