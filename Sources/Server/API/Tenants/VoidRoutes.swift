import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// Corrections of a project's numbers: stretches of its requests that an owner took out of them. What the quota has used stays used;
/// only the operator gives it back (`recount project void`).
struct VoidRoutes: Sendable {
  private let tenancy: Tenancy
  private let expensive: ExpensiveReads
  private let voids: String

  init(_ tenancy: Tenancy, expensive: ExpensiveReads, queries: QueryCatalog) throws {
    self.tenancy = tenancy
    self.expensive = expensive
    voids = try queries.text("usage", "voids")
  }

  func add(to router: Router<RecountContext>) {
    let group = router.group("/api/v1/projects/:project_id/voids")
    group.get(use: list)
    group.post(use: void)
    group.get("preview", use: preview)
  }

  private func list(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let (project, account) = try await tenancy.project(context, .readNumbers, of: principal.userID)
    let parameters = ReadParameters(request)
    let limit = try parameters.limit(default: 50, maximum: 500)
    let last: Int64? = try parameters.cursor(Int64.self)
    let shard = tenancy.shard(of: account)
    let (rows, asOf) = try await tenancy.models.answer(
      Query(voids, [Int32(shard), project, last, Int32(limit + 1)]), of: "usage", shard: shard)
    var answer = try Page(limit: limit, rows: rows).members("voids", entry: Self.json) {
      Cursor(try $0.decode("position", as: Int64.self))
    }
    answer["as_of"] = asOf.json
    return .json(answer)
  }

  /// What a void of the stretch would take now. Reads the log, so only whoever may void may ask.
  private func preview(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let (project, account) = try await tenancy.project(context, .manageBilling, of: principal.userID)
    let parameters = ReadParameters(request)
    guard let from = try parameters.date("from"), let to = try parameters.date("to"), from < to else {
      throw parameters.invalid("from", "no stretch", allowed: "a time before `to`, both given")
    }
    let stretch = Voiding.Stretch(
      mode: try parameters.mode ?? .live, from: from.milliseconds, to: to.milliseconds)
    let stream = stream(project, account)
    let (_, counts) = try await expensive.answer(for: account, context) {
      try await Voiding(log: expensive.log).preview(stretch, on: stream)
    }
    return .json([
      "project_id": .id(project), "mode": .string(stretch.mode.rawValue), "from": .string(Timestamp.text(from)),
      "to": .string(Timestamp.text(to)), "events": .integer(counts.reduce(0) { $0.addingSaturating($1.events) }),
      "counts": Self.json(counts),
    ])
  }

  private func void(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (project, account) = try await tenancy.project(context, .manageBilling, of: actor.userID)
    let body = try await JSONBody(request, allowed: ["from", "to", "mode", "reason"])
    guard let from = try body.optionalTime("from"), let to = try body.optionalTime("to") else {
      throw JSONBody.invalid("from", "no stretch", allowed: "RFC 3339 times `from` and `to`")
    }
    let stretch = Voiding.Stretch(
      mode: try body.optionalChoice("mode") ?? .live, from: from.milliseconds, to: to.milliseconds)
    var random = SystemRandomNumberGenerator()
    let id =
      try IdempotencyKey(request)?.id(of: "void", in: project, by: actor.userID)
      ?? .v7(milliseconds: tenancy.clock.milliseconds, using: &random)
    let (reason, stream) = (try body.text("reason"), stream(project, account))
    try await tenancy.changes.take(account)
    let (void, _) = try await expensive.answer(for: account, context) {
      try await Voiding(log: expensive.log)(
        id, stretch, reason: reason, givesBackQuota: false, on: stream, from: actor.origin)
    }
    return .created(
      [
        "void_id": .id(void.voidID), "project_id": .id(project), "mode": .string(void.mode.rawValue),
        "from": .string(Timestamp.text(from)), "to": .string(Timestamp.text(to)), "reason": .string(void.reason),
        "events": .integer(void.events), "counts": Self.json(void.counts),
        "gives_back_quota": .bool(void.givesBackQuota), "upto_position": .integer(Int(void.uptoPosition)),
      ], at: "/api/v1/projects/\(project.text)/voids")
  }

  private func stream(_ project: UUID, _ account: UUID) -> EventLog.Stream {
    .project(project, of: account, shard: tenancy.shard(of: account))
  }
}

extension VoidRoutes {
  private static func json(_ counts: [VoidedCount]) -> JSONValue {
    .array(
      counts.map {
        .object(["month": .string($0.month), "key_id": .id($0.keyID), "events": .integer($0.events)])
      })
  }

  private static func json(_ row: Row) throws -> [String: JSONValue] {
    let counts = try JSONDecoder().decode(
      [VoidedCount].self, from: Data(row.decode("counts", as: JSONText.self).bytes))
    return [
      "void_id": .id(try row.decode("void_id")), "mode": .string(try row.decode("mode")),
      "from": .optional(try row.decode("from", as: Date?.self)), "to": .optional(try row.decode("to", as: Date?.self)),
      "reason": .string(try row.decode("reason")),
      "events": .integer(Int(try row.decode("events", as: Int64.self))), "counts": json(counts),
      "gives_back_quota": .bool(try row.decode("gives_back_quota")),
      "upto_position": .integer(Int(try row.decode("upto_position", as: Int64.self))),
      "position": .integer(Int(try row.decode("position", as: Int64.self))),
      "voided_by": .optional(try row.decode("voided_by", as: UUID?.self)),
      "recorded_at": .optional(try row.decode("recorded_at", as: Date?.self)),
    ]
  }
}
