import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What an account takes away: its own events, and signed statements of its months.
struct ExportRoutes: Sendable {
  let tenancy: Tenancy
  let exports: AccountExports
  let statements: Statements
  let expensive: ExpensiveReads

  func add(to operations: inout Operations) {
    operations.add(.exportAccount, export)
    operations.add(.statement, statement)
  }

  private func export(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let account = try await tenancy.account(call, of: actor.userID)
    let wish = AccountExports.Wish(
      account: account, format: try call(Self.format) ?? .cloudevents, project: try call(Self.project),
      from: try call(Self.from), to: try call(Self.to))
    if let from = wish.from, let to = wish.to, from > to {
      throw ReadParameters(call.request).invalid(
        "from", from.description, allowed: "a time before `to`, \(to)")
    }
    let turn = try expensive.exportTurn(for: account)
    let export = try await exports.begin(wish, by: actor)
    return Response(status: .ok, headers: wish.headers, body: body(of: export, during: turn, call.context.presence))
  }

  /// In constant memory: a piece of the log is read when the one before has been sent.
  private func body(
    of export: AccountExports.Begun, during turn: Turns.Turn, _ presence: Presence
  ) -> ResponseBody {
    ResponseBody { writer in
      defer { withExtendedLifetime(turn) {} }
      var pieces = ExportWriter()
      try await pieces.send(export.opening, to: &writer)
      var piece = try await presence.whilePresent { try await export.piece(at: nil) }
      while let (bytes, place) = piece {
        try await pieces.send(bytes, to: &writer)
        piece = try await presence.whilePresent { try await export.piece(at: place) }
      }
      try await writer.finish(nil)
    }
  }

  private func statement(_ call: Call) async throws -> Response {
    let account = try await tenancy.account(call, of: tenancy.person(call))
    let now = tenancy.clock.now
    let text = call.context.parameters.get("month") ?? ""
    guard let month = CalendarMonth(text), month.start <= now else {
      throw ReadParameters(call.request).invalid("month", text, allowed: "a month that has begun, such as 2026-11")
    }
    return try await expensive.answer(for: account, call.context) {
      .json(try await statements.signed(of: account, month: month, now: now), in: Self.statementShape)
    }
  }
}

extension Statements {
  /// A statement as it is given out: made, and signed.
  func signed(of account: UUID, month: CalendarMonth, now: Instant) async throws -> SignedStatement {
    let statement = try await make(of: account, month: month, now: now)
    return SignedStatement(statement: statement, note: try sign(ExportRoutes.document.json(statement).text))
  }
}

extension AccountExports.Wish {
  fileprivate var headers: HTTPFields {
    [
      .contentType: format.contentType, .cacheControl: "no-store",
      .contentDisposition: "attachment; filename=\"recount-\(account.text).\(format.suffix)\"",
    ]
  }
}

extension DataExported.Format {
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
