package import struct Foundation.UUID

/// Who caused a domain event, and from where: kept beside the event's data, for the security audit log.
package struct Origin: Sendable, Hashable {
  /// The person; nil when it was the operator's command line, or the schedule.
  package var actorID: UUID?
  /// Network address and user agent as ``Vault`` sealed them for that person, so that erasing the person erases them too.
  package var sealedClient: String?

  /// An origin.
  package init(actorID: UUID? = nil, sealedClient: String? = nil) {
    self.actorID = actorID
    self.sealedClient = sealedClient
  }
}
