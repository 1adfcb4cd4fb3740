package import Domain
package import EventLog
package import Foundation
import Postgres

/// A tracked request by its position, and all there is to check it by.
package struct ExplainedEvent: Sendable {
  /// Whose.
  package let project: UUID
  /// Live or test.
  package let mode: KeyMode
  /// In which chain its position counts.
  package let shard: Int
  /// As it was tracked.
  package let request: FoundRequest
  /// What took it out of what counts; nil while it counts.
  package let void: TakingVoid?
  /// Where it was recorded.
  package let batch: LoggedBatch
  /// That the batch is part of what the latest checkpoint was signed for; nil while none covers it.
  package let inclusion: InclusionProof?
  /// The log's end.
  package let asOf: AsOf
}

extension Questions {
  /// A request of a project, by its position in the shard's log; nil where no request of the project and these modes stands there. Reads its batch,
  /// from the archive where it is there, the void that took it, and one proof. Throws `ArchiveError`.
  package func event(
    at position: Int64, ofProject project: UUID, in account: UUID, modes: [KeyMode]
  ) async throws -> ExplainedEvent? {
    guard position > 0 else { return nil }
    let shard = self.shard(of: account)
    let found = try await log.pool.transaction(readOnly: true) { [archive] connection -> Found? in
      try await ArchiveReader.keepMonths(connection)
      try await ArchiveReader.bring(from: archive, connection, shard: shard, after: position - 1)
      guard let batch = try await LoggedBatch.holding(position, of: shard, connection) else { return nil }
      for mode in modes {
        let subject = TrackedUnit.Subject(shard: shard, project: project, mode: mode)
        if let found = try await Found(subject, at: position, in: batch, connection) { return found }
      }
      return nil
    }
    guard let found else { return nil }
    return ExplainedEvent(
      project: project, mode: found.mode, shard: shard, request: found.request, void: found.void, batch: found.batch,
      inclusion: try await inclusion(of: position, on: shard), asOf: found.asOf)
  }

  private func inclusion(of position: Int64, on shard: Int) async throws -> InclusionProof? {
    do { return try await log.proofs(of: shard).inclusion(of: .holding(position)) } catch is ProofError { return nil }
  }
}

/// What one transaction reads of it.
private struct Found: Sendable {
  let mode: KeyMode
  let request: FoundRequest
  let void: TakingVoid?
  let batch: LoggedBatch
  let asOf: AsOf

  nonisolated(nonsending) init?(
    _ subject: TrackedUnit.Subject, at position: Int64, in batch: LoggedBatch, _ connection: Connection
  ) async throws {
    let stretch = TrackedUnit.Stretch(batch: batch.lastPosition, first: position, last: position)
    let units = try await TrackedUnit.all(of: subject, in: [stretch], connection, deadline: RequestLog.patience)
    guard let unit = units.first else { return nil }
    let ids = try unit.identities()
    var found: FoundRequest?
    try unit.forEach { found = FoundRequest($1, at: $0, of: unit, ids) }
    guard let request = found else { return nil }
    self.request = request
    self.batch = batch
    mode = subject.mode
    void = try await TakingVoid.of(subject, time: request.time.milliseconds, position: position, connection)
    asOf = try await AsOf(endOf: subject.shard, connection)
  }
}

extension AsOf {
  /// The end of a shard's log.
  fileprivate nonisolated(nonsending) init(endOf shard: Int, _ connection: Connection) async throws {
    let rows = try await connection.query(
      "SELECT last_position, recorded_at FROM log.heads WHERE shard = \(Int32(shard))")
    guard let row = rows.first else { throw Gap(shard: shard, after: 0, detail: "the log has no such shard") }
    let end: Int64 = try row.decode("last_position")
    self.init(position: end, time: try row.decode("recorded_at"), logPosition: end)
  }
}
