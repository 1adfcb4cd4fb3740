extension Schema {
  /// Brings the database to where the folder has it. To be called within a transaction, which is what makes all of it happen or
  /// nothing, under a lock that keeps other installers of the schema away. Throws ``MigrationError`` or `PostgresError`.
  package nonisolated(nonsending) func install(on connection: Connection) async throws {
    try await connection.query("CREATE SCHEMA IF NOT EXISTS \(identifier: name)")
    let due = try await dueSteps(connection)
    for step in due { try await run(step, connection) }
    // Bodies are checked when everything that they may name is there.
    try await connection.query("SET LOCAL check_function_bodies = off")
    for object in objects { try await put(object, connection) }
    try await dropLeftovers(connection)
    try await expectAll(connection)
    try await checkBodies(connection)
    try await connection.execute(script: grants)
  }

  /// The steps that have not run yet. Throws when those that have are not the ones that this folder begins with.
  private nonisolated(nonsending) func dueSteps(_ connection: Connection) async throws -> [Step] {
    try await connection.query(
      """
      CREATE TABLE IF NOT EXISTS \(identifier: name).steps (
        name text PRIMARY KEY,
        sha256 bytea NOT NULL, -- of its text
        run_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )
      """)
    let rows = try await connection.query(
      """
      SELECT s.name, s.sha256 = sha256(convert_to(f.sql, 'UTF8')) AS is_same
      FROM \(identifier: name).steps AS s
      LEFT JOIN unnest(\(steps.map(\.name)), \(steps.map(\.sql))) AS f (name, sql) ON f.name = s.name
      ORDER BY s.name COLLATE "C"
      """)
    let isSame = Dictionary(
      uniqueKeysWithValues: try rows.map {
        (try $0.decode("name", as: String.self), try $0.decode("is_same", as: Bool?.self))
      })
    let unknown = isSame.filter { $0.value == nil }.keys.sorted()
    guard unknown.isEmpty else { throw MigrationError.newerRelease(schema: name, steps: unknown) }
    if let changed = steps.first(where: { isSame[$0.name] == false }) {
      throw MigrationError.changedStep(schema: name, step: changed.name)
    }
    let due = steps.filter { isSame[$0.name] == nil }
    if let first = due.first, let last = steps.last(where: { isSame[$0.name] == true }), first.name < last.name {
      throw MigrationError.stepOutOfOrder(schema: name, step: first.name, after: last.name)
    }
    return due
  }

  private nonisolated(nonsending) func run(_ step: Step, _ connection: Connection) async throws {
    try await connection.execute(script: step.sql)
    try await connection.query(
      """
      INSERT INTO \(identifier: name).steps (name, sha256)
      VALUES (\(step.name), sha256(convert_to(\(step.sql), 'UTF8')))
      """)
  }

  private nonisolated(nonsending) func put(_ object: SchemaObject, _ connection: Connection) async throws {
    switch object.kind {
    case .type: try await put(type: object, connection)
    case .function: try await put(function: object, connection)
    case .view: try await put(view: object, connection)
    }
  }
}
