import Application
import EventLog
import Foundation

/// Reads that walk the log, and so take as long as it is: exports, statements, searches for requests, explanations, voids and their
/// previews.
///
/// Five things keep them from costing anybody else more than they must:
/// 1. they have connections of their own (``Pools/expensive``);
/// 2. an account has some of them at a time (``Turns``), and counts under a filter go one after the other;
/// 3. each statement takes seconds at most, since a walk goes in steps (``Pools/expensiveDeadline``);
/// 4. whoever goes takes the question along (``Presence``);
/// 5. whoever takes an export too slowly has it ended (``ExportPace``).
struct ExpensiveReads: Sendable {
  /// The log over the connections for them.
  let log: Log
  /// Two, so that a person who asks again in another window is answered. In all so many as may wait for a connection some seconds.
  private let questions = Turns(of: "counts over the log", perAccount: 2, inAll: 16)
  /// Searches for single requests, and explanations: most take milliseconds, and a dashboard asks for some at once.
  private let searches = Turns(of: "searches and explanations", perAccount: 4, inAll: 24, line: 64)
  /// Counts under a filter, of which a dashboard asks for some at once too: but each may take seconds, so that one goes at a time and leaves
  /// the other connections to whoever is done sooner.
  private let counts = Turns(of: "counts under a filter", perAccount: 6, inAll: 24)
  private let counting = SingleFile()
  /// Each holds a piece of two megabytes, some times over, for as long as its client takes. A dozen are no hundred megabytes, and
  /// it takes nine accounts to hold them all.
  private let exports = Turns(of: "exports", perAccount: 2, inAll: 12)

  init(log: Log) { self.log = log.expensive }

  /// A read whose answer is small.
  func answer<T: Sendable>(
    for account: UUID, _ context: RecountContext, _ work: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let turn = try questions.take(for: account)
    defer { withExtendedLifetime(turn) {} }
    return try await context.presence.whilePresent(work)
  }

  /// Many who look at one dashboard at a time: each takes some hundredths of a second.
  private static let patience = Duration.seconds(5)

  /// A search for requests, which may look at many.
  func search<T: Sendable>(
    for account: UUID, _ context: RecountContext, _ work: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let turn = try await searches.take(for: account, waiting: Self.patience)
    defer { withExtendedLifetime(turn) {} }
    return try await context.presence.whilePresent(work)
  }

  /// A count of requests over the log, when it is its turn.
  func count<T: Sendable>(
    for account: UUID, _ context: RecountContext, _ work: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let turn = try counts.take(for: account)
    defer { withExtendedLifetime(turn) {} }
    return try await context.presence.whilePresent { [counting] in
      try await counting {
        try Task.checkCancellation()
        return try await work()
      }
    }
  }

  /// The right to send an export, for as long as it is held.
  func exportTurn(for account: UUID) throws(Problem) -> Turns.Turn { try exports.take(for: account) }
}
