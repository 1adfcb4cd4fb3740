import Postgres

/// A file of a read model's queries, as a question: what it is asked with, and what a row of it says.
///
/// 1. A type per file, its stored properties being the parameters. ``QuestionList`` names them all, and a test holds that list against the
///    files.
/// 2. Nothing else reads a row: what ``answer(_:)`` makes of it is a plain value, in the domain's types.
/// 3. At start, ``Questions/check()`` prepares each file and runs ``answer(_:)`` on a probe, a row that knows the columns' names and types.
protocol Question: Sendable {
  associatedtype Answer: Sendable
  /// Where its text is.
  static var file: QueryFile { get }
  /// Any question of the kind: its parameters' types are held against the file's at start.
  static var sample: Self { get }
  /// In the file's order.
  var parameters: [any PostgresEncodable] { get }
  /// What a row says. Reads every column it needs whatever the others hold, so that the probe finds each.
  static func answer(_ row: AnswerRow) throws -> Answer
}

/// Projections/<projection>/queries/<name>.sql
struct QueryFile: Sendable, Hashable, CustomStringConvertible {
  let projection: String
  let name: String

  init(_ projection: String, _ name: String) {
    self.projection = projection
    self.name = name
  }

  var description: String { "\(projection)/queries/\(name).sql" }
}
