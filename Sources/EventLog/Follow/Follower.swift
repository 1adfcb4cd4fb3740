package import Postgres

/// Somebody who follows the log: a read model, a reactor. What each shard's log holds is given to it in cuts, in order, each in the
/// transaction that moves its progress: a crash at any point loses and doubles nothing.
package protocol Follower: Sendable {
  /// As its progress has it; never changes.
  var name: String { get }
  /// Where its progress stands.
  var progress: ProgressTable { get }
  /// After so many failures in a row it is stopped on that shard, until somebody lets it go on. Nil: it is tried for ever, more and
  /// more slowly, the reason beside its progress.
  var patience: Int? { get }
  /// Begins its progress, where it has none yet.
  func begin(on pool: Pool) async throws
  /// Whether it is for this program to move that progress.
  func accepts(_ lease: Lease) throws -> Bool
  /// What follows the lease, of `most` events or fewer, at least one batch; nil at the log's end. Throws ``Gap``.
  nonisolated(nonsending) func cut(after lease: Lease, most: Int64, on connection: Connection) async throws -> Cut?
  /// Does with a cut what it follows the log for, in the transaction that is open and will move the progress.
  nonisolated(nonsending) func follow(_ cut: Cut, from lease: Lease, on connection: Connection) async throws
  /// The transaction has committed.
  func moved(to cut: Cut) async
}

extension Follower {
  /// It has begun.
  package func begin(on pool: Pool) async throws {}
  /// It is.
  package func accepts(_ lease: Lease) throws -> Bool { true }
  /// Nobody is told.
  package func moved(to cut: Cut) async {}
}

/// One follower's way through one shard: what a worker takes at a time.
package struct Lane: Hashable, Sendable {
  let follower: String
  let shard: Int
}

/// The progress on a shard, held by this transaction: nobody else moves it meanwhile.
package struct Lease: Sendable {
  /// The shard.
  package let shard: Int
  /// The last position that the follower knows of.
  package let position: Int64
  /// The whole row, for what only some followers keep in it.
  package let row: Row
}
