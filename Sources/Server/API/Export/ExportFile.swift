import Application
import Domain
import HTTPTypes
import Hummingbird

/// An account's events as a file: for the API, and for the page that asks for it.
struct ExportFile: Sendable {
  let exports: AccountExports
  let expensive: ExpensiveReads

  /// Begins it, which is recorded. What it says of itself, and what writes it.
  func begin(
    _ wish: AccountExports.Wish, by actor: Actor, _ presence: Presence
  ) async throws -> (fields: HTTPFields, write: @Sendable (inout any ResponseBodyWriter) async throws -> Void) {
    let turn = try expensive.exportTurn(for: wish.account)
    let export = try await exports.begin(wish, by: actor)
    return (wish.fields, { writer in try await write(export, during: turn, presence, to: &writer) })
  }

  /// In constant memory: a piece of the log is read when the one before has been sent.
  private func write(
    _ export: AccountExports.Begun, during turn: Turns.Turn, _ presence: Presence,
    to writer: inout any ResponseBodyWriter
  ) async throws {
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

extension AccountExports.Wish {
  fileprivate var fields: HTTPFields {
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
