import Postgres

/// Holds the events of a stretch of the log against their schemas.
struct SchemaCheck: Sendable {
  let schemas: EventSchemas

  /// The first event that is not what its schema says: its position, and why.
  func fault(in units: Rows) throws -> (position: Int64, reason: String)? {
    var first: (position: Int64, reason: String)?
    for row in units {
      let position: Int64 = try row.decode("position")
      if let first, first.position < position { continue }
      let name = EventSchemas.Name(type: try row.decode("type"), version: try row.decode("version"))
      let fault = try row.withText("data") { try schemas.fault(in: $0, of: name) }
      guard let (place, reason) = fault else { continue }
      first = (position + Int64(place), "the event at position \(position + Int64(place)) \(reason)")
    }
    return first
  }
}

extension SchemaCheck {
  /// A check that runs while the database works on the next step.
  struct Pending {
    let check: SchemaCheck?
    let shard: Int
    private var task: Task<(position: Int64, reason: String)?, any Error>?

    init(check: SchemaCheck?, shard: Int) {
      self.check = check
      self.shard = shard
    }

    /// The units of a step, as text; nil where nothing is to be checked.
    nonisolated(nonsending) func units(_ connection: Connection, after: Int64, upto: Int64) async throws -> Rows? {
      guard check != nil else { return nil }
      return try await connection.query(
        "SELECT position, type, version, data FROM log.unit_texts(\(Int32(shard)), \(after), \(upto))",
        deadline: .seconds(600))
    }

    mutating func begin(_ units: Rows?) {
      guard let check, let units else { return }
      task = Task { try check.fault(in: units) }
    }

    /// Waits for what was begun; the batch that holds the first event that is not what its schema says.
    mutating func fault(_ walk: LogWalk) async throws -> VerifyFault? {
      guard let (position, reason) = try await task?.value else { return nil }
      let shard = shard
      let batch = try await walk.transaction(shard, after: position - 1) { connection, _ in
        try await connection.query(
          """
          SELECT b.last_position + 1 AS first_position, e.last_position
          FROM log.chain_before(\(Int32(shard)), \(position)) AS b,
            log.chain_end(\(Int32(shard)), \(position - 1), \(Int64.max), 0) AS e
          """
        ).first
      }
      return VerifyFault(
        shard: shard, firstPosition: try batch?.decode("first_position") ?? position,
        lastPosition: try batch?.decode("last_position") ?? position, reason: reason)
    }

    func cancel() { task?.cancel() }
  }
}
