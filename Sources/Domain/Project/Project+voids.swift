package import struct Foundation.UUID

extension Project {
  /// A span to be voided, already counted.
  package struct VoidRequest: Sendable {
    /// The void's own id.
    package var id: UUID
    /// Live or test requests.
    package var mode: KeyMode
    /// The first timestamp.
    package var from: Instant
    /// The first timestamp after the span.
    package var to: Instant
    /// Why.
    package var reason: String
    /// Whether what is taken no longer counts against the quota.
    package var givesBackQuota: Bool
    /// The last position that was looked at.
    package var uptoPosition: Int64
    /// What counts there still.
    package var counts: [VoidedCount]

    /// A span to be voided.
    package init(
      id: UUID, mode: KeyMode, from: Instant, to: Instant, reason: String, givesBackQuota: Bool = false,
      uptoPosition: Int64, counts: [VoidedCount]
    ) {
      self.id = id
      self.mode = mode
      self.from = from
      self.to = to
      self.reason = reason
      self.givesBackQuota = givesBackQuota
      self.uptoPosition = uptoPosition
      self.counts = counts
    }
  }

  /// Long enough to tell a reader what happened.
  package static let maximumReasonLength = 500

  /// Nothing when the same was voided under this id already. An archived project's past can be voided, too.
  func void(_ request: VoidRequest) throws(Failure) -> [Event] {
    guard let id, let accountID else { throw .notCreated }
    guard request.from >= .epoch, request.from < request.to else { throw .emptySpan }
    guard NameRule.takes(request.reason, maximumCharacters: Self.maximumReasonLength) else {
      throw .badReason(maximumCharacters: Self.maximumReasonLength)
    }
    if let known = voids[request.id] {
      guard known.mode == request.mode, known.from == request.from, known.to == request.to,
        known.reason == request.reason,
        // A void of an older release gave back unasked: sent again by its owner, it is still the same.
        known.givesBackQuota || !request.givesBackQuota
      else { throw .voidIDTaken(request.id) }
      return []
    }
    guard request.counts.contains(where: { $0.events > 0 }) else { throw .nothingToVoid }
    return [
      .telemetryVoided(
        TelemetryVoided(
          voidID: request.id, projectID: id, accountID: accountID, mode: request.mode, from: request.from,
          to: request.to, uptoPosition: request.uptoPosition, reason: request.reason,
          givesBackQuota: request.givesBackQuota, counts: request.counts))
    ]
  }
}
