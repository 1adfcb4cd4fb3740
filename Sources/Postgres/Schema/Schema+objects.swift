extension Schema {
  /// A composite type is made anew only when its attributes have changed: then what is made of it goes, and comes back with the
  /// functions. Programs that are in the midst of a call may notice; as long as a type stays as it is, nobody does.
  nonisolated(nonsending) func put(type: SchemaObject, _ connection: Connection) async throws {
    guard let before = try await attributes(of: type, connection) else {
      return try await connection.execute(script: type.sql)
    }
    let aside = type.name + "_before"
    try await connection.execute(script: "SAVEPOINT object")
    try await connection.query("ALTER TYPE \(identifier: name).\(identifier: type.name) RENAME TO \(identifier: aside)")
    try await connection.execute(script: type.sql)
    if try await attributes(of: type, connection) == before {
      try await connection.execute(script: "ROLLBACK TO SAVEPOINT object")
    } else {
      try await connection.query("DROP TYPE \(identifier: name).\(identifier: aside) CASCADE")
    }
    try await connection.execute(script: "RELEASE SAVEPOINT object")
  }

  /// Its attributes in words; nil where there is no such type.
  private nonisolated(nonsending) func attributes(of type: SchemaObject, _ connection: Connection) async throws
    -> String?
  {
    let row = try await connection.query(
      """
      SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) AS attributes
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = to_regnamespace(quote_ident(\(name))) AND c.relname = \(type.name) AND c.relkind = 'c'
      """
    ).first
    return try row?.decode("attributes", as: String?.self) ?? nil
  }

  /// One function bears a name: one of another release with other parameters goes.
  nonisolated(nonsending) func put(function: SchemaObject, _ connection: Connection) async throws {
    let before = try await signatures(of: function, connection)
    if before.count > 1 { try await drop(.function, named: function.name, connection) }
    try await replace(function, connection)
    guard before.count == 1, try await signatures(of: function, connection).count > 1 else { return }
    try await connection.execute(script: "DROP FUNCTION \(before[0]) CASCADE")
  }

  nonisolated(nonsending) func put(view: SchemaObject, _ connection: Connection) async throws {
    try await replace(view, connection)
  }

  /// Replaces it in place, so that nobody who is using it notices. Where it has changed too much for that, it is made anew.
  private nonisolated(nonsending) func replace(_ object: SchemaObject, _ connection: Connection) async throws {
    try await connection.execute(script: "SAVEPOINT object")
    do { try await connection.execute(script: object.sql) } catch let error as PostgresError
      where ["42P13", "42P16", "42809"].contains(error.sqlState)
    {
      try await connection.execute(script: "ROLLBACK TO SAVEPOINT object")
      try await drop(object.kind, named: object.name, connection)
      try await connection.execute(script: object.sql)
    }
    try await connection.execute(script: "RELEASE SAVEPOINT object")
  }

  private nonisolated(nonsending) func signatures(of function: SchemaObject, _ connection: Connection) async throws
    -> [String]
  {
    try await found(connection).filter { $0.kind == .function && $0.name == function.name }.map(\.identity)
  }

  private nonisolated(nonsending) func drop(_ kind: SchemaObject.Kind, named object: String, _ connection: Connection)
    async throws
  {
    for found in try await found(connection) where found.kind == kind && found.name == object {
      try await connection.execute(script: found.drop)
    }
  }

  /// What older releases had, and this one has not.
  nonisolated(nonsending) func dropLeftovers(_ connection: Connection) async throws {
    for found in try await found(connection) where !objects.contains(where: found.isFound(for:)) {
      try await connection.execute(script: found.drop)
    }
  }

  /// What is made after another, and what depends on it, may go with it.
  nonisolated(nonsending) func expectAll(_ connection: Connection) async throws {
    let found = try await found(connection)
    let vanished = objects.filter { object in !found.contains { $0.isFound(for: object) } }.map(\.name)
    guard vanished.isEmpty else { throw MigrationError.vanished(schema: name, objects: vanished) }
  }

  /// Has the database parse every body, and find what it names. What it can't, it says without saying where.
  nonisolated(nonsending) func checkBodies(_ connection: Connection) async throws {
    try await connection.query("SET LOCAL check_function_bodies = on")
    let functions = try await connection.query(
      """
      SELECT p.oid::regprocedure::text AS name,
        CASE l.lanname WHEN 'sql' THEN 'fmgr_sql_validator' ELSE 'plpgsql_validator' END AS validator, p.oid::int8 AS oid
      FROM pg_proc AS p
      JOIN pg_language AS l ON l.oid = p.prolang
      WHERE p.pronamespace = to_regnamespace(quote_ident(\(name))) AND l.lanname IN ('sql', 'plpgsql')
      """)
    for function in functions {
      let (validator, oid) = (
        try function.decode("validator", as: String.self), try function.decode("oid", as: Int64.self)
      )
      do { try await connection.execute(script: "SELECT \(validator)(\(oid))") } catch var error as PostgresError {
        error.context = "function \(try function.decode("name", as: String.self))"
        throw error
      }
    }
  }

  /// An object as the database has it.
  private struct Found {
    let kind: SchemaObject.Kind
    let name: String
    /// With its schema, and of a function its parameters.
    let identity: String

    func isFound(for object: SchemaObject) -> Bool { object.kind == kind && object.name == name }

    /// `IF EXISTS`, for it may have gone with another.
    var drop: String {
      switch kind {
      case .type: "DROP TYPE IF EXISTS \(identity) CASCADE"
      case .function: "DROP FUNCTION IF EXISTS \(identity) CASCADE"
      case .view: "DROP VIEW IF EXISTS \(identity) CASCADE"
      }
    }
  }

  /// The functions, views and composite types that the schema has, but for those of extensions.
  private nonisolated(nonsending) func found(_ connection: Connection) async throws -> [Found] {
    let rows = try await connection.query(
      """
      SELECT 1 AS kind, p.proname::text AS name,
        format('%I.%I(%s)', \(name)::text, p.proname, pg_get_function_identity_arguments(p.oid)) AS identity
      FROM pg_proc AS p
      WHERE p.pronamespace = to_regnamespace(quote_ident(\(name))) AND p.prokind = 'f'
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
      UNION ALL
      SELECT CASE c.relkind WHEN 'c' THEN 0 ELSE 2 END, c.relname::text, format('%I.%I', \(name)::text, c.relname)
      FROM pg_class AS c
      WHERE c.relnamespace = to_regnamespace(quote_ident(\(name))) AND c.relkind IN ('c', 'v')
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
      """)
    return try rows.compactMap { row in
      guard let kind = SchemaObject.Kind(rawValue: try row.decode("kind")) else { return nil }
      return Found(kind: kind, name: try row.decode("name"), identity: try row.decode("identity"))
    }
  }
}
