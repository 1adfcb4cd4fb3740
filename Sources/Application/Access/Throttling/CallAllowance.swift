package import Domain

/// What a key was told when it asked for a call,.
package struct CallAllowance: Sendable {
  /// Whether it got the call.
  let isGiven: Bool
  /// Whether what follows is all the account's keys' together, since there is less of it than of the key's own.
  package let isOfAccount: Bool
  /// What is left, here or over all servers.
  package let buckets: CallBuckets
  /// What these fill by: the whole rate, or this server's share.
  package let rate: CallRate
  /// What all servers let through.
  package let whole: CallRate

  /// - Parameters:
  ///   - rates: what the levels fill by.
  ///   - whole: of all servers.
  package init(isGiven: Bool, _ levels: CallLevels, rates: CallRates, whole: CallRates) {
    self.isGiven = isGiven
    isOfAccount = levels.areBoundByAccount(at: rates)
    buckets = isOfAccount ? levels.account : levels.key
    rate = isOfAccount ? rates.account : rates.key
    self.whole = isOfAccount ? whole.account : whole.key
  }

  /// In how many whole seconds there is as much as was asked for: at least one, since who comes back a little early only comes back
  /// again.
  package var secondsToWait: Int { max(1, Int(buckets.wait(at: rate).secondsRoundedUp)) }
}
