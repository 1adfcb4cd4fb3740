import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What an account takes away: its own events, and signed statements of its months.
struct ExportRoutes: Sendable {
  let tenancy: Tenancy
  let file: ExportFile
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
    let (fields, write) = try await file.begin(wish, by: actor, call.context.presence)
    return Response(status: .ok, headers: fields, body: ResponseBody(write))
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
