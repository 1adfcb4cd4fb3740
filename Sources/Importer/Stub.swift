enum StubImporter {}
