import struct Foundation.UUID

extension Account {
  /// Long enough to tell a reader what happened.
  package static let maximumReasonLength = 500

  /// A grant of nothing takes back what was granted; where that is nothing already, nothing happens.
  func grant(_ grant: AccountGrant, because reason: String, at now: Instant) throws(Failure) -> [Event] {
    let id = try openID()
    guard NameRule.takes(reason, maximumCharacters: Self.maximumReasonLength) else {
      throw .badReason(maximumCharacters: Self.maximumReasonLength)
    }
    let numbers = [grant.requestsPerSecond, grant.bytesPerSecond].compactMap { $0 }
    guard numbers.allSatisfy((1...CallRate.highest).contains) else { throw .badGrantedRate(highest: CallRate.highest) }
    guard (1...AccountGrant.highestQuota).contains(grant.monthlyQuota ?? 1) else {
      throw .badGrantedQuota(highest: AccountGrant.highestQuota)
    }
    if let until = grant.until, until <= now || grant.isEmpty { throw .badGrantEnd }
    guard !grant.isEmpty || !self.grant.isEmpty else { return [] }
    let next = quota.changed(in: CalendarMonth(of: now), atOnce: false) {
      $0.granted = grant.quota
      $0.grantedUntil = grant.until
    }
    return [.granted(AccountGranted(accountID: id, grant, quota: next, reason: reason))]
  }
}

extension AccountGrant {
  init(_ granted: AccountGranted) {
    self.init(
      tier: granted.tier, monthlyQuota: granted.grantedQuota > 0 ? granted.grantedQuota : nil,
      requestsPerSecond: granted.requestsPerSecond, bytesPerSecond: granted.bytesPerSecond, until: granted.until)
  }
}

extension AccountGranted {
  fileprivate init(accountID: UUID, _ grant: AccountGrant, quota: AccountQuota, reason: String) {
    self.init(
      accountID: accountID, tier: grant.tier, grantedQuota: quota.granted.live, grantedTestQuota: quota.granted.test,
      requestsPerSecond: grant.requestsPerSecond, bytesPerSecond: grant.bytesPerSecond, until: grant.until,
      reason: reason, month: quota.kept?.month, monthQuota: quota.kept?.quota.live,
      monthTestQuota: quota.kept?.quota.test)
  }
}
