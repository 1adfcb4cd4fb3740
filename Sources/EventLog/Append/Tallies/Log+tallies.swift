import Logging
import Postgres

extension Log {
  /// Tallies in one append: it holds its shard's head for some milliseconds, and tracked calls wait.
  private static let talliesPerAppend = 1_000

  /// Appends what this process has tallied since the last time (``IntakeTallies``): a batch per shard, an event per key and month.
  ///
  /// Throws the last error, when all shards have been tried. What was not written is tallied on, except where it may have
  /// been: then it is let go, for a tally that counts too little is better than one that counts twice.
  package func writeTallies() async throws {
    let (taken, dropped) = tallies.take()
    if dropped > 0 {
      logger.warning(
        "too many keys, or months of one, sent what can't be accepted: some calls are not tallied",
        metadata: ["calls": "\(dropped)"])
    }
    try await append(taken, of: \.month.source, as: { AppendUnit($0.counts, of: $0.month) }, orKeep: tallies.add)
  }

  /// Appends which keys have read since the last time (``KeyUses``): a batch per shard, an event per key.
  ///
  /// Throws like ``writeTallies()``, and lets go of the same.
  package func writeKeyUses() async throws {
    try await append(keyUses.take(), of: \.source, as: { AppendUnit($0) }, orKeep: keyUses.restore)
  }

  /// - Parameter keep: takes back what is known not to have been written.
  private func append<Entry>(
    _ entries: [Entry], of source: (Entry) -> TelemetrySource, as unit: (Entry) -> AppendUnit,
    orKeep keep: ([Entry]) -> Void
  ) async throws {
    var failure: (any Error)?
    for (shard, all) in Dictionary(grouping: entries, by: { shards.shard(of: source($0).accountID) }) {
      var rest = all[...]
      while !rest.isEmpty {
        let some = Array(rest.prefix(Self.talliesPerAppend))
        rest = rest.dropFirst(some.count)
        do { _ = try await append(some.map(unit), shard: shard) } catch {
          failure = error
          if (error as? PostgresError)?.mayHaveCommitted != true { keep(some) }
        }
      }
    }
    if let failure { throw failure }
  }
}
