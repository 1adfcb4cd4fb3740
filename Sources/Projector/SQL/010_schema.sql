-- How far each read model is. Owned, like the read models, by recount_projector; dropped with them, nothing is lost: the next
-- projector builds all of them anew from the log.
CREATE SCHEMA IF NOT EXISTS projector;
