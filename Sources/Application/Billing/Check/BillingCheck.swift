import Domain
import EventLog
import Foundation
package import Postgres

/// Folds what Stripe said anew, and holds what the log says of subscriptions and tiers against it. For the auditor: it reads, calls nobody and needs no
/// key, for what rules read is in the clear; so it comes to the same after an erasure.
///
/// 1. What is sold on each side of a Stripe account is read: the catalogues.
/// 2. Each account's `subscription_changed` must follow from a prefix of its customer's facts, each from one no shorter than the one before, and each
///    tier that a subscription made from what was said of subscriptions by then (``check(_:on:_:_:_:)``).
/// 3. Each customer's facts, folded whole, must be said of its account, unless a worker is still to say it (``checkCustomer(_:_:_:_:)``).
///
/// Where a fact stands in its own shard's log says nothing of what its account's shard had then; so what somebody knew is told by how many events he
/// counted (`facts`), and by when the log recorded them.
///
/// One account or customer is in memory at a time, each read in one snapshot. Streams are read as deciders read them, through archived months too: that
/// these are the log's is what `recount audit verify` says.
package struct BillingCheck: Sendable {
  let pool: Pool
  let clock: any WallClock

  /// Over connections that may read the log and how far it was followed: an auditor's.
  package init(pool: Pool, clock: any WallClock = SystemClock()) {
    self.pool = pool
    self.clock = clock
  }

  /// Streams that are listed at a time.
  private static let page = 500
  /// A log of many people has many streams that are looked past.
  private static let patience = Duration.seconds(600)

  /// Compares all there is. Differences are not errors, they are in the report.
  package func callAsFunction() async throws -> BillingCheckReport {
    let shards = try await pool.query("SELECT shards FROM log.settings").first?.decode("shards", as: Int.self) ?? 0
    let map = ShardMap(count: shards)
    var report = BillingCheckReport()
    let catalogues = try await catalogues(map, &report)
    for shard in map.all {
      try await each("billing-", of: shard) { name in
        guard let account = UUID(uuidString: String(name.dropFirst("billing-".count))) else { return }
        report.add(try await read { try await check(account, on: shard, catalogues, map, $0) })
      }
      try await each("stripe-", of: shard) { name in
        let stream = StreamID(name: name, shard: shard)
        report.add(try await read { try await checkCustomer(stream, catalogues, map, $0) })
      }
    }
    return report
  }

  private func catalogues(_ map: ShardMap, _ report: inout BillingCheckReport) async throws -> KnownCatalogues {
    var catalogues = KnownCatalogues()
    for shard in map.all {
      try await each("billing-catalogue-", of: shard) { name in
        let stream = StreamID(name: name, shard: shard)
        do {
          catalogues.take(try await read { try await SaidStream.read(stream, on: $0) })
        } catch let fault as SaidStreamFault {
          report.add(BillingDifference(fault, of: nil))
        }
      }
    }
    return catalogues
  }

  /// In one snapshot.
  private func read<T: Sendable>(
    _ body: nonisolated(nonsending) @Sendable (Connection) async throws -> T
  ) async throws -> T {
    try await pool.transaction(.repeatableRead, readOnly: true, body)
  }

  /// Each stream of a shard whose name begins so.
  private func each(_ prefix: String, of shard: Int, _ body: (String) async throws -> Void) async throws {
    var last = ""
    while true {
      let names = try await pool.query(
        "SELECT stream FROM operations.billing_streams(\(Int32(shard)), \(prefix), \(last), \(Int32(Self.page)))",
        deadline: Self.patience
      ).map { try $0.decode("stream", as: String.self) }
      for name in names { try await body(name) }
      guard names.count == Self.page, let end = names.last else { return }
      last = end
    }
  }
}
