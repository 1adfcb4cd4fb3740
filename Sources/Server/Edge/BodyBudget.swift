import Synchronization

/// The memory that bodies of requests may take, in all and for those who have shown no key.
final class BodyBudget: Sendable {
  private struct Used {
    var total = 0
    var unchecked = 0
  }

  private let limit: Int
  private let uncheckedLimit: Int
  private let used = Mutex(Used())

  init(_ limits: ServerLimits) {
    limit = limits.bodyBytes
    uncheckedLimit = limits.uncheckedBodyBytes
  }

  /// Bytes in use.
  var bytes: Int { used.withLock { $0.total } }

  /// Whether there was room.
  func take(_ bytes: Int, isChecked: Bool) -> Bool {
    used.withLock { used in
      guard used.total + bytes <= limit, isChecked || used.unchecked + bytes <= uncheckedLimit else { return false }
      used.total += bytes
      if !isChecked { used.unchecked += bytes }
      return true
    }
  }

  func give(_ bytes: Int, isChecked: Bool) {
    used.withLock { used in
      used.total -= bytes
      if !isChecked { used.unchecked -= bytes }
    }
  }

  /// Whoever holds these bytes has shown a key that works.
  func vouch(for bytes: Int) { used.withLock { $0.unchecked -= bytes } }
}

/// What one connection holds of the budget: that of the request which is being answered, and of those read ahead.
final class BodyAccount: Sendable {
  private struct Held {
    var checked = 0
    var unchecked = 0
    /// Of the request that is being answered, beside what came over the wire.
    var extra = 0
    var isVouched = false
  }

  private let budget: BodyBudget
  private let held = Mutex(Held())

  init(_ budget: BodyBudget) { self.budget = budget }

  deinit {
    let held = held.withLock { $0 }
    budget.give(held.checked, isChecked: true)
    budget.give(held.unchecked, isChecked: false)
  }

  /// Takes room for bytes that have arrived. `isCurrent` says whether they are of the request that is being answered.
  func take(_ bytes: Int, isCurrent: Bool) -> Bool {
    held.withLock { held in
      let isChecked = held.isVouched && isCurrent
      guard budget.take(bytes, isChecked: isChecked) else { return false }
      if isChecked { held.checked += bytes } else { held.unchecked += bytes }
      return true
    }
  }

  /// Takes room for what is made of the body that is being answered, until the answer is written.
  func takeExtra(_ bytes: Int) -> Bool {
    guard take(bytes, isCurrent: true) else { return false }
    held.withLock { $0.extra += bytes }
    return true
  }

  /// The request that is being answered has shown a key that works.
  func vouch() {
    held.withLock { held in
      guard !held.isVouched else { return }
      held.isVouched = true
      budget.vouch(for: held.unchecked)
      held.checked += held.unchecked
      held.unchecked = 0
    }
  }

  /// The request is answered; this many bytes of it had been taken.
  func answered(_ bytes: Int) {
    held.withLock { held in
      let bytes = bytes + held.extra
      let checked = min(bytes, held.isVouched ? held.checked : 0)
      let unchecked = min(bytes - checked, held.unchecked)
      budget.give(checked, isChecked: true)
      budget.give(unchecked, isChecked: false)
      held.checked -= checked
      held.unchecked -= unchecked
      held.extra = 0
      held.isVouched = false
    }
  }
}
