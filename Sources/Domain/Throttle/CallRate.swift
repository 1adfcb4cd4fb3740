/// How fast a key may call, or all keys of an account together.
package struct CallRate: Sendable, Hashable {
  /// Calls a second, whatever becomes of them.
  package let requestsPerSecond: Int
  /// Bytes of their bodies a second, as sent: compressed, if they are.
  package let bytesPerSecond: Int

  /// How many seconds' worth may come at once: clients collect for a few seconds, and retry after an outage.
  package static let burstSeconds = 10
  /// No rate is higher: ten gigabytes a second are more than any server takes, and no arithmetic on them overflows.
  package static let highest = 10_000_000_000

  /// How many keys' worth an account may call with all its keys together. A tier sells a rate for a key, and an account may have
  /// hundreds: a handful of services are let call at full rate side by side, or one while its key is rotated, and a key more gives no
  /// more to whoever makes keys to get around the rate.
  package static let keysOfAccount = 4

  /// What all keys of an account may call together, where this is what one of them may.
  package var ofAccount: CallRate {
    CallRate(
      requestsPerSecond: requestsPerSecond * Self.keysOfAccount, bytesPerSecond: bytesPerSecond * Self.keysOfAccount)
  }

  /// A rate; each number at least 1 and at most ``highest``.
  package init(requestsPerSecond: Int, bytesPerSecond: Int) {
    self.requestsPerSecond = min(max(1, requestsPerSecond), Self.highest)
    self.bytesPerSecond = min(max(1, bytesPerSecond), Self.highest)
  }

  /// One of so many servers' part. Rounded up: many servers rather let a little more through than one nothing.
  package func share(of servers: Int) -> CallRate {
    guard servers > 1 else { return self }
    func part(_ rate: Int) -> Int { rate / servers + (rate % servers > 0 ? 1 : 0) }
    return CallRate(requestsPerSecond: part(requestsPerSecond), bytesPerSecond: part(bytesPerSecond))
  }
}

extension Tier {
  /// How fast each key of an account may call.
  package var callRate: CallRate {
    switch self {
    case .free: CallRate(requestsPerSecond: 5, bytesPerSecond: 64 << 10)
    case .pro: CallRate(requestsPerSecond: 50, bytesPerSecond: 1 << 20)
    case .business: CallRate(requestsPerSecond: 200, bytesPerSecond: 4 << 20)
    }
  }
}
