import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// What a project, or one of its keys, used in a month, live and test apart: by the month that the requests were served in, which
/// is what the quota goes by, and by the days on which they were received.
struct UsageRoutes: Sendable {
  private let log: Log
  private let readers: Readers
  private let models: ReadModels
  private let clock: any WallClock
  private let keyMonths, days, key: String

  init(log: Log, readers: Readers, queries: QueryCatalog, clock: any WallClock) throws {
    self.log = log
    self.readers = readers
    self.clock = clock
    models = ReadModels(pool: log.pool)
    keyMonths = try queries.text("usage", "key_months")
    days = try queries.text("usage", "days")
    key = try queries.text("directory", "keys")
  }

  func add(to router: Router<RecountContext>) {
    router.get("/api/v1/projects/:project_id/usage", use: project)
    router.get("/api/v1/projects/:project_id/keys/:key_id/usage", use: key)
  }

  /// A question about a project's month, by somebody who may ask it.
  private struct Question {
    let reader: Readers.Reader
    let project: UUID
    let shard: Int
    let month: CalendarMonth
  }

  private func question(_ request: Request, _ context: RecountContext) async throws -> Question {
    let now = clock.milliseconds
    let reader = try await readers.reader(of: request, now: now)
    let id = try context.projectID
    let account = try await readers.account(of: id, for: reader)
    return Question(
      reader: reader, project: id, shard: log.shards.shard(of: account),
      month: try ReadParameters(request).month(now: now))
  }

  private func project(_ request: Request, _ context: RecountContext) async throws -> Response {
    let question = try await question(request, context)
    let (keys, days, asOf) = try await rows(question, key: nil)
    var members: [String: JSONValue] = [
      "project_id": .id(question.project), "month": .string(question.month.description), "as_of": asOf.json,
    ]
    // A key sees nothing of the other mode, not even that there is something.
    for mode in question.reader.modes {
      let row = try keys.first { try $0.decode("mode", as: String.self) == mode.rawValue }
      members[mode.rawValue] = .object(
        try Self.counts(row, suffix: "_in_mode").merging(["days": try Self.days(days, of: mode)]) { $1 })
    }
    members["keys"] = .array(
      try keys.filter { try question.reader.modes.map(\.rawValue).contains($0.decode("mode")) }.map { row in
        .object(
          try Self.counts(row).merging([
            "key_id": .id(try row.decode("key_id")), "mode": .string(try row.decode("mode")),
            "name": try Self.text(row, "name"), "hint": try Self.text(row, "hint"),
          ]) { $1 })
      })
    return .json(members)
  }

  private func key(_ request: Request, _ context: RecountContext) async throws -> Response {
    let question = try await question(request, context)
    let id = try context.keyID
    let subject: [any PostgresEncodable] = [Int32(question.shard), question.project, id]
    let known = try await log.pool.query(Query(key, subject + Place.parameters(nil) + [Int32(1)])).first
    guard let known, let mode = KeyMode(rawValue: try known.decode("mode")) else { throw Problem.noKey(id.text) }
    _ = try question.reader.mode(mode)
    let (keys, days, asOf) = try await rows(question, key: id)
    let members: [String: JSONValue] = [
      "project_id": .id(question.project), "key_id": .id(id), "mode": .string(mode.rawValue),
      "month": .string(question.month.description), "as_of": asOf.json, "days": try Self.days(days, of: mode),
      "last_used_at": .optional(try known.decode("last_used_at", as: Date?.self)),
    ]
    return .json(members.merging(try Self.counts(keys.first)) { $1 })
  }

  private func rows(_ question: Question, key: UUID?) async throws -> (keys: Rows, days: Rows, asOf: ReadModels.AsOf) {
    let subject: [any PostgresEncodable] = [Int32(question.shard), question.project]
    let (rows, asOf) = try await models.answer(
      [
        Query(keyMonths, subject + [question.month.description, key]),
        Query(days, subject + [key, question.month.start, question.month.end]),
      ], of: "usage", shard: question.shard)
    return (rows[0], rows[1], asOf)
  }

  private static func counts(_ row: Row?, suffix: String = "") throws -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for name in ["used", "voided", "refused"] { members[name] = try integer(row, name + suffix) }
    return members
  }

  private static func days(_ rows: Rows, of mode: KeyMode) throws -> JSONValue {
    .array(
      try rows.filter { try $0.decode("mode", as: String.self) == mode.rawValue }.map { row in
        var members: [String: JSONValue] = [
          "day": .string(String(Timestamp.text(try row.decode("day", as: Date.self)).prefix(10)))
        ]
        for name in ["received", "accepted", "duplicates", "refused", "invalid"] {
          members[name] = try integer(row, name)
        }
        return .object(members)
      })
  }

  /// 0 where there is no row.
  private static func integer(_ row: Row?, _ column: String) throws -> JSONValue {
    .integer(Int(try row?.decode(column, as: Int64.self) ?? 0))
  }

  private static func text(_ row: Row, _ column: String) throws -> JSONValue {
    try row.decode(column, as: String?.self).map { .string($0) } ?? .null
  }
}
