import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What an account takes away: its own events, and signed statements of its months.
struct ExportRoutes: Sendable {
  private let log: Log
  private let authenticator: Authenticator
  private let access: Access
  private let clients: Clients
  private let statements: Statements
  private let expensive: ExpensiveReads
  private let changes: ChangeLimit
  private let archive: ArchiveReader?
  private let clock: any WallClock

  init(
    log: Log, authenticator: Authenticator, access: Access, clients: Clients, statements: Statements,
    expensive: ExpensiveReads, changes: ChangeLimit, archive: ArchiveReader?, clock: any WallClock
  ) {
    self.log = log
    self.authenticator = authenticator
    self.access = access
    self.clients = clients
    self.statements = statements
    self.expensive = expensive
    self.changes = changes
    self.archive = archive
    self.clock = clock
  }

  func add(to router: Router<RecountContext>) {
    let account = router.group("/api/v1/accounts/:account_id")
    account.get("export", use: export)
    account.get("statements/:month", use: statement)
  }

  /// In constant memory: a piece of the log is read when the one before has been sent.
  private func export(_ request: Request, _ context: RecountContext) async throws -> Response {
    let (account, principal) = try await authorised(request, context)
    let parameters = ReadParameters(request)
    let name = try parameters.choice("format", of: DataExported.Format.allCases.map(\.rawValue))
    let format = name.flatMap(DataExported.Format.init) ?? .cloudevents
    let (from, to) = (try parameters.date("from"), try parameters.date("to"))
    if let from, let to, from > to {
      throw parameters.invalid("from", Timestamp.text(from), allowed: "a time before `to`, \(Timestamp.text(to))")
    }
    let filter = ExportFilter(accountID: account, projectID: try parameters.id("project"), from: from, to: to)
    let turn = try expensive.exportTurn(for: account)
    var export = try Export(pool: expensive.log.pool, format: format.logFormat, filter: filter, archive: archive)
    export.deadline = Pools.expensiveDeadline
    let start = try await export.start()
    try await changes.take(account)
    try await note(DataExported(accountID: account, userID: principal.userID, format: format), request, context)
    let filename = "recount-\(account.uuidString.lowercased()).\(format.suffix)"
    return Response(
      status: .ok,
      headers: [
        .contentType: format.contentType, .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"\(filename)\"",
      ],
      body: ResponseBody { [export] writer in
        defer { withExtendedLifetime(turn) {} }
        var pieces = ExportWriter()
        try await pieces.send(export.opening, to: &writer)
        var place = start
        while let (piece, next) = try await context.presence.whilePresent({ [place] in try await export.piece(at: place)
        }) {
          try await pieces.send(piece, to: &writer)
          place = next
        }
        try await writer.finish(nil)
      })
  }

  private func statement(_ request: Request, _ context: RecountContext) async throws -> Response {
    let (account, _) = try await authorised(request, context)
    let now = clock.milliseconds
    let text = context.parameters.get("month") ?? ""
    guard let month = CalendarMonth(text), month.firstMillisecond <= now else {
      throw ReadParameters(request).invalid("month", text, allowed: "a month that has begun, such as 2026-11")
    }
    return try await expensive.answer(for: account, context) {
      .json(try await statements.make(of: account, month: month, now: now))
    }
  }

  private func authorised(_ request: Request, _ context: RecountContext) async throws -> (UUID, Principal) {
    let principal = try await authenticator.principal(of: request)
    let text = context.parameters.get("account_id") ?? ""
    guard let account = UUID(uuidString: text) else {
      throw Problem(.accountNotFound, "you are a member of no account \(text.prefix(64))")
    }
    try await access.require(.exportData, account: account, of: principal)
    return (account, principal)
  }

  /// Before the first byte: what has left can't be called back.
  private func note(_ exported: DataExported, _ request: Request, _ context: RecountContext) async throws {
    let origin = try await clients.origin(of: request, context: context, for: exported.userID)
    let shard = log.shards.shard(of: exported.accountID)
    try await log.handle(
      .export(exported), by: Exports.self, on: .exports(of: exported.accountID, shard: shard), from: origin, last: 0)
  }
}

extension DataExported.Format {
  fileprivate var logFormat: ExportFormat {
    switch self {
    case .cloudevents: .cloudevents
    case .csv: .csv
    }
  }

  fileprivate var suffix: String {
    switch self {
    case .cloudevents: "jsonl"
    case .csv: "csv"
    }
  }

  fileprivate var contentType: String {
    switch self {
    case .cloudevents: "application/x-ndjson"
    case .csv: "text/csv; charset=utf-8; header=present"
    }
  }
}

extension ReadParameters {
  /// A UUID; nil when it is missing or empty.
  fileprivate func id(_ name: String) throws -> UUID? {
    guard let given = try text(name) else { return nil }
    guard let id = UUID(uuidString: given) else { throw invalid(name, given, allowed: "a UUID") }
    return id
  }
}
