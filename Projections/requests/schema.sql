-- Table `batches`: which batches of the log hold requests of a project's quarter of an hour, and what those can be found by. The projector
-- keeps it (log.create_places).
SELECT log.create_places('batches');
