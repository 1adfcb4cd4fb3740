import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import Postgres

/// What a project's dashboard asks, answered from read models for a key of the same account, or a member of it, only.
struct ReadRoutes: Sendable {
  private let log: Log
  private let readers: Readers
  private let models: ReadModels
  private let clock: any WallClock
  private let texts: Texts

  /// The queries, read at start.
  private struct Texts {
    let summary, timeseries, endpoints, paths, requests, intake, days, month: String
    /// By read model: where its detail begins.
    let retention: [String: String]

    init(_ queries: QueryCatalog) throws {
      summary = try queries.text("traffic", "summary")
      timeseries = try queries.text("traffic", "timeseries")
      endpoints = try queries.text("traffic", "endpoints")
      paths = try queries.text("traffic", "paths")
      requests = try queries.text("requests", "latest")
      intake = try queries.text("usage", "intake")
      days = try queries.text("usage", "days")
      month = try queries.text("usage", "month")
      retention = try Dictionary(
        uniqueKeysWithValues: ["traffic", "requests", "usage"].map { ($0, try queries.text($0, "retention")) })
    }
  }

  init(log: Log, readers: Readers, queries: QueryCatalog, clock: any WallClock) throws {
    self.log = log
    self.readers = readers
    self.clock = clock
    models = ReadModels(pool: log.pool)
    texts = try Texts(queries)
  }

  func add(to router: Router<RecountContext>) {
    let project = router.group("/api/v1/projects/:project_id")
    project.get("summary", use: summary)
    project.get("timeseries", use: timeseries)
    project.get("endpoints", use: endpoints)
    project.get("requests", use: requests)
    project.get("intake", use: intake)
    router.get("/api/v1/usage", use: usage)
  }
}

extension ReadRoutes {
  /// A question about a project, by somebody who may ask it.
  private struct Question {
    let project: UUID
    let shard: Int
    let mode: KeyMode
    let parameters: ReadParameters
    let range: Range<Date>

    /// The parameters that every query of a project begins with.
    var subject: [any PostgresEncodable] { [Int32(shard), project, mode.rawValue] }
    var span: [any PostgresEncodable] { [range.lowerBound, range.upperBound] }

    var members: [String: JSONValue] {
      [
        "project_id": .string(project.uuidString.lowercased()), "mode": .string(mode.rawValue),
        "from": .string(Timestamp.text(range.lowerBound)), "to": .string(Timestamp.text(range.upperBound)),
      ]
    }
  }

  private func question(_ request: Request, _ context: RecountContext) async throws -> Question {
    let now = clock.milliseconds
    let reader = try await readers.reader(of: request, now: now)
    let id = try context.projectID
    let account = try await readers.account(of: id, for: reader)
    let parameters = ReadParameters(request)
    return Question(
      project: id, shard: log.shards.shard(of: account), mode: try reader.mode(parameters.mode),
      parameters: parameters, range: try parameters.range(now: now))
  }

  /// The rows of a page and the last row of the one before.
  private static func page(_ limit: Int, after rank: Rank?) -> [any PostgresEncodable] {
    [Int32(limit), rank?.calls, rank?.method, rank?.name]
  }

  private func summary(_ request: Request, _ context: RecountContext) async throws -> Response {
    let question = try await question(request, context)
    let (answers, about) = try await answer(
      question, of: "traffic", Query(texts.summary, question.subject + question.span),
      Query(texts.endpoints, question.subject + question.span + Self.page(5, after: nil)))
    guard let row = answers[0].first else { throw Problem(.internalError, "the summary query gave no row") }
    var members = about.merging(try Numbers.traffic(row)) { $1 }
    members["top_endpoints"] = .array(try answers[1].map { .object(try Numbers.endpoint($0)) })
    return .json(members)
  }

  private func timeseries(_ request: Request, _ context: RecountContext) async throws -> Response {
    let question = try await question(request, context)
    let interval =
      try question.parameters.choice("interval", of: Interval.allCases.map(\.rawValue))
      .flatMap(Interval.init(rawValue:)) ?? .day
    try interval.check(question.range, question.parameters)
    let (answers, about) = try await answer(
      question, of: "traffic", Query(texts.timeseries, question.subject + [interval.rawValue] + question.span))
    var members = about
    members["interval"] = .string(interval.rawValue)
    members["points"] = .array(
      try answers[0].map { row in
        let time = JSONValue.string(Timestamp.text(try row.decode("at")))
        return .object(try Numbers.traffic(row).merging(["time": time]) { $1 })
      })
    return .json(members)
  }

  private func endpoints(_ request: Request, _ context: RecountContext) async throws -> Response {
    let question = try await question(request, context)
    let byPath = try question.parameters.choice("group", of: ["template", "path"]) == "path"
    let limit = try question.parameters.limit(default: 50, maximum: 500)
    let after = try question.parameters.rank()
    // One row more than asked for tells whether there is a next page.
    let (answers, about) = try await answer(
      question, of: "traffic",
      Query(
        byPath ? texts.paths : texts.endpoints, question.subject + question.span + Self.page(limit + 1, after: after)))
    let rows = answers[0]
    var members = about
    members["endpoints"] = .array(
      try rows.prefix(limit).map { .object(try byPath ? Numbers.path($0) : Numbers.endpoint($0)) })
    let name = byPath ? "path" : "template"
    members["next_cursor"] = try rows.count > limit ? .string(Numbers.rank(rows[limit - 1], by: name).text) : .null
    return .json(members)
  }

  private func requests(_ request: Request, _ context: RecountContext) async throws -> Response {
    let question = try await question(request, context)
    let parameters = question.parameters
    let limit = try parameters.limit(default: 50, maximum: 500)
    let before = try parameters.position()
    let filters: [any PostgresEncodable] = [
      try parameters.choice("status", of: ["ok", "4xx", "5xx"]), try parameters.text("method")?.uppercased(),
      try parameters.text("endpoint"),
    ]
    let page: [any PostgresEncodable] = [before?.time, before?.position, Int32(limit + 1)]
    let (answers, about) = try await answer(
      question, of: "requests", Query(texts.requests, question.subject + filters + question.span + page))
    let rows = answers[0]
    var members = about
    members["requests"] = .array(try rows.prefix(limit).map { .object(try Numbers.request($0)) })
    members["next_cursor"] = try rows.count > limit ? .string(Numbers.cursor(rows[limit - 1]).text) : .null
    return .json(members)
  }

  /// What became of everything that was sent, by hour or day of receipt.
  private func intake(_ request: Request, _ context: RecountContext) async throws -> Response {
    let question = try await question(request, context)
    let byDay = try question.parameters.choice("interval", of: ["hour", "day"]) == "day"
    let query =
      byDay
      ? Query(texts.days, Array(question.subject.prefix(2)) + [UUID?.none] + question.span)
      : Query(texts.intake, question.subject + question.span)
    let (answers, about) = try await answer(question, of: "usage", query)
    var members = about
    members["interval"] = .string(byDay ? "day" : "hour")
    members[byDay ? "days" : "hours"] = .array(
      try answers[0].filter { row in try !byDay || row.decode("mode") == question.mode.rawValue }
        .map { .object(try Numbers.intake($0, by: byDay ? "day" : "hour")) })
    return .json(members)
  }

  /// The rows of some queries on one project, and what every answer says of them: whose and which they are, as of when, and from when
  /// on detail is kept.
  private func answer(
    _ question: Question, of model: String, _ queries: Query...
  ) async throws -> (answers: [Rows], about: [String: JSONValue]) {
    let retention = Query(texts.retention[model] ?? "", Array(question.subject.prefix(2)))
    let (rows, asOf) = try await models.answer(queries + [retention], of: model, shard: question.shard)
    var about = question.members
    about["detail_from"] =
      try rows.last?.first.map { .string(Timestamp.text(try $0.decode("detail_from"))) } ?? .null
    about["as_of"] = asOf.json
    return (Array(rows.dropLast()), about)
  }

  private func usage(_ request: Request, _ context: RecountContext) async throws -> Response {
    let now = clock.milliseconds
    let reader = try await readers.reader(of: request, now: now)
    let parameters = ReadParameters(request)
    let account = try await self.account(reader, parameters)
    let month = try parameters.month(now: now)
    let shard = log.shards.shard(of: account)
    let (rows, asOf) = try await models.answer(
      Query(texts.month, [Int32(shard), account, month.description]), of: "usage", shard: shard)
    var members: [String: JSONValue] = [
      "account_id": .id(account), "month": .string(month.description), "as_of": asOf.json,
    ]
    // Live first, then test.
    guard let live = rows.first, let test = rows.last else {
      throw Problem(
        .projectionStopped, "the read model usage has not come to this account's opening yet: try again shortly",
        headers: [.retryAfter: "1"])
    }
    // A key sees nothing of the other mode.
    if reader.modes.contains(.live) { members.merge(try Numbers.usage(live)) { $1 } }
    if reader.modes.contains(.test) { members["test"] = .object(try Numbers.usage(test)) }
    return .json(members)
  }

  /// A key's own account, or the one that a member of it names.
  private func account(_ reader: Readers.Reader, _ parameters: ReadParameters) async throws -> UUID {
    let given = try parameters.text("account_id")
    if given == nil, case .key(let grant) = reader { return grant.source.accountID }
    guard let given, let account = UUID(uuidString: given) else {
      throw parameters.invalid("account_id", given ?? "nothing", allowed: "the id of an account of yours")
    }
    try await readers.require(reader, mayRead: account)
    return account
  }
}

extension Response {
  static func json(_ members: [String: JSONValue]) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: JSONValue.object(members).bytes)))
  }
}
