import Domain
import Foundation
import Synchronization

/// What keys and their accounts have left on this server.
///
/// A class with a lock rather than an actor: each tracked call passes here, and a hop per call is what it would cost.
final class LocalBuckets: Sendable {
  private let kept: Mutex<Generations>

  /// Keys and accounts remembered at a time, of some hundred bytes each. Only issued keys get here; of more than so many that call in
  /// the same few seconds, those that have been quiet longest start with full buckets.
  static let capacity = 100_000

  init(capacity: Int = LocalBuckets.capacity) { kept = Mutex(Generations(capacity: capacity)) }

  /// Takes what a call costs, if it is there, and answers what is left.
  func take(
    _ cost: CallCost, for key: UUID, of account: UUID, at rates: CallRates, now: Instant
  ) -> (isGiven: Bool, left: CallLevels) {
    kept.withLock { kept in
      var levels = CallLevels(
        key: kept.remove(key) ?? CallBuckets(rates.key, at: now),
        account: kept.remove(account) ?? CallBuckets(rates.account, at: now))
      let isGiven = levels.take(cost, at: rates, now: now)
      kept.put(levels.key, for: key)
      kept.put(levels.account, for: account)
      return (isGiven, levels)
    }
  }

  /// How many keys and accounts are remembered.
  var count: Int { kept.withLock { $0.count } }

  /// Two halves: what is used moves into the young one; when that is full, the old one, unused since the last time, is dropped. No
  /// sweep is needed, and nothing that is used is forgotten.
  private struct Generations {
    let capacity: Int
    private var young: [UUID: CallBuckets] = [:]
    private var old: [UUID: CallBuckets] = [:]

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { young.count + old.count }

    mutating func remove(_ key: UUID) -> CallBuckets? { young[key] ?? old.removeValue(forKey: key) }

    mutating func put(_ buckets: CallBuckets, for key: UUID) {
      if young.count >= capacity / 2, young[key] == nil {
        old = young
        young.removeAll()
      }
      young[key] = buckets
    }
  }
}
