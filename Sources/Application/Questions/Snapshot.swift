import Postgres

/// One look at a read model: all that is asked through it is as of the same position.
struct Snapshot: Sendable {
  let asOf: AsOf
  private let questions: Questions
  let connection: Connection

  /// Opens one on a shard's part of a read model. Throws ``ReadModelMissing``.
  static nonisolated(nonsending) func open(
    of projection: String, shard: Int, _ questions: Questions, on connection: Connection
  ) async throws -> Snapshot {
    let schema = questions.places.schema(of: projection)
    let state = try await connection.query(
      "SELECT position, recorded_at, log_position FROM projector.as_of(\(schema), \(Int32(shard)))")
    guard let row = state.first else { throw ReadModelMissing(projection: projection) }
    let asOf = AsOf(
      position: try row.decode("position"), time: try row.decode("recorded_at"),
      logPosition: try row.decode("log_position"))
    return Snapshot(asOf: asOf, questions, on: connection)
  }

  /// One whose position is known from what was asked first.
  init(asOf: AsOf, _ questions: Questions, on connection: Connection) {
    self.asOf = asOf
    self.questions = questions
    self.connection = connection
  }

  /// What was answered before.
  var memory: AnswerMemory { questions.memory }

  nonisolated(nonsending) func ask<Q: Question>(_ question: Q) async throws -> [Q.Answer] {
    try await questions.ask(question, on: connection)
  }
}
