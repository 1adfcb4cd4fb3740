enum StubRecountClient {}
