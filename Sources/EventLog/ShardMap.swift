import Crypto
package import Foundation
import Postgres

/// Which shard's chain holds an account's events: the first four bytes of SHA-256(id), modulo the number of shards. The same
/// in SQL: `log.shard_of()`.
package struct ShardMap: Sendable, Equatable {
  /// How many shards the log has.
  package let count: Int

  /// A map over this many shards.
  package init(count: Int) { self.count = count }

  init(readFrom pool: Pool) async throws {
    do {
      guard let row = try await pool.query("SELECT shards FROM log.settings").first else { throw LogError.notMigrated }
      count = try row.decode("shards")
    } catch let error as PostgresError where ["42P01", "3F000", "42501"].contains(error.sqlState) {
      throw LogError.notMigrated
    }
  }

  /// The shard of an account, or of another aggregate that belongs to none.
  package func shard(of id: UUID) -> Int {
    let digest = withUnsafeBytes(of: id.uuid) { SHA256.hash(data: $0) }
    let number = digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Int(number % UInt32(count))
  }

  /// All shards.
  package var all: Range<Int> { 0..<count }
}
