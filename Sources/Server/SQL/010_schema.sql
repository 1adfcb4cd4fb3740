-- What the server keeps to do its work: throttles, what reactors have done, what the schedule has run. Not facts, so not in the
-- log: without it nothing that is shown changes, at worst a mail is sent again.
CREATE SCHEMA IF NOT EXISTS operations;
