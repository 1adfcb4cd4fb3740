import Synchronization

/// The memory that bodies of requests may take, in all and for those without a key in their header.
///
/// A key in the header counts before it is checked: the one route that takes large bodies checks it before it reads, and what has come
/// until then is no more than the parts that a connection holds unread.
final class BodyBudget: Sendable {
  private struct Used {
    var total = 0
    var keyless = 0
  }

  private let limit: Int
  private let keylessLimit: Int
  private let used = Mutex(Used())

  init(_ limits: ServerLimits) {
    limit = limits.bodyBytes
    keylessLimit = limits.keylessBodyBytes
  }

  /// Bytes in use.
  var bytes: Int { used.withLock { $0.total } }

  /// Whether there was room.
  func take(_ bytes: Int, hasKey: Bool) -> Bool {
    used.withLock { used in
      guard used.total + bytes <= limit, hasKey || used.keyless + bytes <= keylessLimit else { return false }
      used.total += bytes
      if !hasKey { used.keyless += bytes }
      return true
    }
  }

  func give(_ bytes: Int, hasKey: Bool) {
    used.withLock { used in
      used.total -= bytes
      if !hasKey { used.keyless -= bytes }
    }
  }
}

/// What one connection holds of the budget: for the request that is being answered, and those read ahead.
final class BodyAccount: Sendable {
  private struct Held {
    var keyed = 0
    var keyless = 0
    /// Of the request that is being answered, beside what came over the wire.
    var extra = 0
  }

  private let budget: BodyBudget
  private let held = Mutex(Held())

  init(_ budget: BodyBudget) { self.budget = budget }

  deinit {
    let held = held.withLock { $0 }
    budget.give(held.keyed, hasKey: true)
    budget.give(held.keyless, hasKey: false)
  }

  /// Takes room for bytes that have arrived.
  func take(_ bytes: Int, hasKey: Bool) -> Bool {
    guard budget.take(bytes, hasKey: hasKey) else { return false }
    held.withLock { held in
      if hasKey { held.keyed += bytes } else { held.keyless += bytes }
    }
    return true
  }

  /// Takes room for what is made of the body that is being answered, until the answer is written.
  func takeExtra(_ bytes: Int, hasKey: Bool) -> Bool {
    guard take(bytes, hasKey: hasKey) else { return false }
    held.withLock { $0.extra += bytes }
    return true
  }

  /// The request is answered; this many bytes of it had been taken.
  func answered(_ bytes: Int, hasKey: Bool) {
    let given = held.withLock { held in
      let given = bytes + held.extra
      held.extra = 0
      if hasKey { held.keyed -= given } else { held.keyless -= given }
      return given
    }
    if given > 0 { budget.give(given, hasKey: hasKey) }
  }
}
