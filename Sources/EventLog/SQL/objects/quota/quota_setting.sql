-- What an event said of its account's quota, and where: what log.quota_in_force() goes by.
CREATE TYPE log.quota_setting AS (
  "position" bigint, -- of the event
  month text, -- it was recorded in, UTC
  terms jsonb -- see log.quota_terms
);
