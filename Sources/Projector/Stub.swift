enum StubProjector {}
