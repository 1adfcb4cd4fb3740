import Logging
import Postgres

extension Log {
  /// Tallies in one append: it holds its shard's head for some milliseconds, and tracked calls wait.
  private static let talliesPerAppend = 1_000

  /// Appends what this process has tallied since the last time (``IntakeTallies``): a batch per shard, an event per key and month.
  ///
  /// Throws the last error, when all shards have been tried. What was not written is tallied on, except where it may have
  /// been: then it is let go, for a tally that counts too little is better than one that counts twice.
  public func writeTallies() async throws {
    let (taken, dropped) = tallies.take()
    if dropped > 0 {
      logger.warning(
        "too many keys, or months of one, sent what can't be accepted: some calls are not tallied",
        metadata: ["calls": "\(dropped)"])
    }
    var failure: (any Error)?
    for (shard, all) in Dictionary(grouping: taken, by: { shards.shard(of: $0.place.source.accountID) }) {
      var rest = all[...]
      while !rest.isEmpty {
        let some = rest.prefix(Self.talliesPerAppend)
        rest = rest.dropFirst(some.count)
        do { _ = try await append(some.map { AppendUnit($0.counts, of: $0.place) }, shard: shard) } catch {
          failure = error
          if (error as? PostgresError)?.mayHaveCommitted != true { tallies.add(Array(some)) }
        }
      }
    }
    if let failure { throw failure }
  }
}
