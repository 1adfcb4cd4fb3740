package import Domain
package import EventLog
package import Foundation

/// What an account takes away of itself: its own events, as long as it takes. Who took them is recorded before the first byte leaves: what
/// has left can't be called back.
package struct AccountExports: Sendable {
  private let log: Log
  private let changes: ChangeLimit
  private let archive: ArchiveReader?

  /// Over an open log. `archive` is where months lie that have left the database.
  package init(log: Log, changes: ChangeLimit, archive: ArchiveReader?) {
    self.log = log
    self.changes = changes
    self.archive = archive
  }

  /// An export under way.
  package struct Begun: Sendable {
    private let export: Export
    private let start: Export.Place

    fileprivate init(_ export: Export, from start: Export.Place) {
      self.export = export
      self.start = start
    }

    /// What comes before all lines; may be empty.
    package var opening: [UInt8] { export.opening }

    /// The next lines, and where it stands after them, which is asked for next: at first nil. Nil at its end. Throws ``ArchiveError`` or
    /// `PostgresError`.
    package func piece(at place: Export.Place?) async throws -> (bytes: [UInt8], next: Export.Place)? {
      try await export.piece(at: place ?? start)
    }
  }

  /// Which of the account's events.
  package struct Wish: Sendable {
    /// The account.
    package var account: UUID
    /// As what they are written.
    package var format: DataExported.Format
    /// Of this project alone.
    package var project: UUID?
    /// Recorded at or after.
    package var from: Instant?
    /// Recorded before.
    package var to: Instant?

    /// A wish.
    package init(
      account: UUID, format: DataExported.Format, project: UUID? = nil, from: Instant? = nil, to: Instant? = nil
    ) {
      self.account = account
      self.format = format
      self.project = project
      self.from = from
      self.to = to
    }
  }

  /// Records that a member, who has the right, takes the events, and begins. Throws ``Throttled``, and what the log throws.
  package func begin(_ wish: Wish, by actor: Actor) async throws -> Begun {
    let filter = ExportFilter(accountID: wish.account, projectID: wish.project, from: wish.from, to: wish.to)
    let export = try log.expensive.export(wish.format.logFormat, filter, archive: archive)
    let start = try await export.start()
    try await changes.take(wish.account)
    try await record(DataExported(accountID: wish.account, userID: actor.userID, format: wish.format), actor.origin)
    return Begun(export, from: start)
  }

  private func record(_ exported: DataExported, _ origin: Origin) async throws {
    let stream = StreamID.exports(of: exported.accountID, shard: log.shards.shard(of: exported.accountID))
    try await log.handle(.export(exported), by: Exports.self, on: stream, from: origin, last: 0)
  }
}

extension DataExported.Format {
  fileprivate var logFormat: ExportFormat {
    switch self {
    case .cloudevents: .cloudevents
    case .csv: .csv
    }
  }
}
