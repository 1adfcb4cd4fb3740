import EventLog
import Postgres
import Synchronization

/// In which schema each read model is that this program's questions are written for.
///
/// That is the one of its name, but while a release takes the place of another: then the live one may be what the other's programs read, and this
/// program's is built beside it (`recount projections rebuild --beside`). So servers of both answer, each from its own, until a projector
/// swaps them; whoever read the one beside finds it under its name from then on.
final class ReadModelPlaces: Sendable {
  fileprivate struct State {
    /// By projection; those that are where their names say are left out.
    var schemas: [String: String] = [:]
    /// Whether every live one is this program's: nothing is to be found elsewhere, and nothing is looked for until a question fails.
    var isSettled = false
    var askedAt: ContinuousClock.Instant?
  }

  /// By projection, as this program's folders say.
  private let definitions: [String: ReadModelDefinition]
  private let state = Mutex(State())

  /// Where a release takes the place of another, so often is looked.
  private static let pause = Duration.seconds(1)

  init(_ definitions: [String: ReadModelDefinition]) { self.definitions = definitions }

  /// The schema of a projection's tables.
  func schema(of projection: String) -> String { state.withLock { $0.schemas[projection] ?? projection } }

  /// A question's text, asking where the read models are.
  func placed(_ text: String) -> String {
    let schemas = state.withLock { $0.schemas }
    return schemas.reduce(text) { text, place in
      text.replacing(" \(place.key).", with: " \(place.value).").replacing("'\(place.key)'", with: "'\(place.value)'")
    }
  }

  /// Looks where they are: at the first question, and each second while a live one is not this program's. Where that can't be asked, the question
  /// itself says what is wrong.
  func lookIfUnsettled(_ pool: Pool) async {
    guard state.withLock({ !$0.isSettled && $0.isDue(Self.pause) }) else { return }
    try? await look(pool)
  }

  /// Of all that questions are asked of.
  var names: [String] { definitions.keys.sorted() }

  /// Whether every live one was this program's when it was last looked.
  var areSettled: Bool { state.withLock { $0.isSettled && $0.schemas.isEmpty } }

  /// Those that are not where their names say, by projection.
  var elsewhere: [String: String] { state.withLock { $0.schemas } }

  /// Looks anew after a question failed that was asked while they were there: whether one is somewhere else now.
  func haveMoved(from before: [String: String], after error: any Error, _ pool: Pool) async -> Bool {
    guard Self.mayBeElsewhere(error) else { return false }
    try? await look(pool)
    return elsewhere != before
  }

  private func look(_ pool: Pool) async throws {
    state.withLock { $0.askedAt = .now }
    let rows = try await pool.query(
      """
      SELECT c.projection, min(c.definition) AS definition,
        count(*) = (SELECT count(*) FROM log.heads) AND bool_and(
          c.position >= h.last_position OR coalesce(c.recorded_at >= clock_timestamp() - INTERVAL '5 s', false)) AS is_level
      FROM projector.progress AS c JOIN log.heads AS h USING (shard)
      GROUP BY c.projection HAVING count(DISTINCT c.definition) = 1
      """, deadline: .seconds(2))
    var found: [String: (definition: String, isLevel: Bool)] = [:]
    for row in rows {
      found[try row.decode("projection")] = (try row.decode("definition"), try row.decode("is_level") ?? false)
    }
    let before = elsewhere
    var (schemas, isSettled) = ([String: String](), true)
    for (projection, definition) in definitions where found[projection]?.definition != definition.text {
      isSettled = false
      let beside = projection + "_next"
      // Not while it is being built: it is to answer what the live one would, within seconds. Whoever has read it reads on, for an event that it
      // has not come to is no reason to go back to what was written for other questions.
      guard let next = found[beside], next.definition == definition.text, next.isLevel || before[projection] == beside
      else { continue }
      schemas[projection] = beside
    }
    let new = (schemas, isSettled)
    state.withLock { ($0.schemas, $0.isSettled) = new }
  }

  /// A table, a column or a function is not there, or a row is not what it would be.
  private static func mayBeElsewhere(_ error: any Error) -> Bool {
    switch error {
    case is ReadModelMissing, is QuestionFault: true
    case let error as PostgresError:
      error.kind == .decoding || ["42P01", "3F000", "42703", "42883"].contains(error.sqlState)
    default: false
    }
  }
}

extension ReadModelPlaces.State {
  fileprivate func isDue(_ pause: Duration) -> Bool { askedAt.map { .now - $0 >= pause } ?? true }
}
