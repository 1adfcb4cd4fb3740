/// How fast a key may call, and all keys of its account together.
public struct CallRates: Sendable, Hashable {
  /// The key's.
  public let key: CallRate
  /// The account's.
  public let account: CallRate

  /// Those of a key of this rate.
  public init(ofKey rate: CallRate) { self.init(key: rate, account: rate.ofAccount) }

  /// Any two.
  public init(key: CallRate, account: CallRate) {
    self.key = key
    self.account = account
  }

  /// One of so many servers' part of both.
  public func share(of servers: Int) -> CallRates {
    CallRates(key: key.share(of: servers), account: account.share(of: servers))
  }
}

/// What a key has left, and its account. A call takes from both or from neither.
public struct CallLevels: Sendable, Hashable {
  /// The key's.
  public private(set) var key: CallBuckets
  /// The account's, whichever of its keys calls.
  public private(set) var account: CallBuckets

  /// As they have been kept.
  public init(key: CallBuckets, account: CallBuckets) {
    self.key = key
    self.account = account
  }

  /// Takes, unless a bucket that something is wanted from gives nothing.
  public mutating func take(_ cost: CallCost, at rates: CallRates, now: Int64) -> Bool {
    key.fill(at: rates.key, to: now)
    account.fill(at: rates.account, to: now)
    guard key.gives(cost), account.gives(cost) else { return false }
    key.spend(cost)
    account.spend(cost)
    return true
  }

  /// Whether it is the account's that keeps a next call waiting, or would sooner.
  public func areBoundByAccount(at rates: CallRates) -> Bool {
    let (ofKey, ofAccount) = (key.wait(at: rates.key), account.wait(at: rates.account))
    guard ofKey == 0, ofAccount == 0 else { return ofAccount > ofKey }
    return account.requests.level < key.requests.level || account.bytes.level < key.bytes.level
  }
}
