/// How fast a key may call, and all keys of its account together.
package struct CallRates: Sendable, Hashable {
  /// The key's.
  package let key: CallRate
  /// The account's.
  package let account: CallRate

  /// Those of a key of this rate.
  package init(ofKey rate: CallRate) { self.init(key: rate, account: rate.ofAccount) }

  /// Any two.
  package init(key: CallRate, account: CallRate) {
    self.key = key
    self.account = account
  }

  /// One of so many servers' part of both.
  package func share(of servers: Int) -> CallRates {
    CallRates(key: key.share(of: servers), account: account.share(of: servers))
  }
}

/// What a key has left, and its account. A call takes from both or from neither.
package struct CallLevels: Sendable, Hashable {
  /// The key's.
  package private(set) var key: CallBuckets
  /// The account's, whichever of its keys calls.
  package private(set) var account: CallBuckets

  /// As they have been kept.
  package init(key: CallBuckets, account: CallBuckets) {
    self.key = key
    self.account = account
  }

  /// Takes, unless a bucket that something is wanted from gives nothing.
  package mutating func take(_ cost: CallCost, at rates: CallRates, now: Instant) -> Bool {
    key.fill(at: rates.key, to: now)
    account.fill(at: rates.account, to: now)
    guard key.gives(cost), account.gives(cost) else { return false }
    key.spend(cost)
    account.spend(cost)
    return true
  }

  /// Whether it is the account's that keeps a next call waiting, or would sooner.
  package func areBoundByAccount(at rates: CallRates) -> Bool {
    let (ofKey, ofAccount) = (key.wait(at: rates.key), account.wait(at: rates.account))
    guard ofKey == .zero, ofAccount == .zero else { return ofAccount > ofKey }
    return account.requests.level < key.requests.level || account.bytes.level < key.bytes.level
  }
}
