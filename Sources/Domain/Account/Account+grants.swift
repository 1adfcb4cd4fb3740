extension Account {
  /// Long enough to tell a reader what happened.
  public static let maximumReasonLength = 500

  /// A grant of nothing takes back what was granted; where that is nothing already, nothing happens.
  func grant(_ grant: AccountGrant, because reason: String, at now: Int64) throws(Failure) -> [Event] {
    let id = try openID()
    guard NameRule.takes(reason, maximumCharacters: Self.maximumReasonLength) else {
      throw .badReason(maximumCharacters: Self.maximumReasonLength)
    }
    let numbers = [grant.requestsPerSecond, grant.bytesPerSecond].compactMap { $0 }
    guard numbers.allSatisfy((1...CallRate.highest).contains) else { throw .badGrantedRate(highest: CallRate.highest) }
    if let until = grant.until, until <= now || grant.isEmpty { throw .badGrantEnd }
    guard !grant.isEmpty || !self.grant.isEmpty else { return [] }
    return [
      .granted(
        AccountGranted(
          accountID: id, requestsPerSecond: grant.requestsPerSecond, bytesPerSecond: grant.bytesPerSecond,
          until: grant.until, reason: reason))
    ]
  }
}

extension AccountGrant {
  init(_ granted: AccountGranted) {
    self.init(
      requestsPerSecond: granted.requestsPerSecond, bytesPerSecond: granted.bytesPerSecond, until: granted.until)
  }
}
