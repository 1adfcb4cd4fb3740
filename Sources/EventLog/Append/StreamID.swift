package import struct Foundation.UUID

/// Where a domain event goes: its stream, and whose it is.
package struct StreamID: Sendable, Hashable {
  /// Such as `account-0198…`.
  package var name: String
  /// The chain that holds it.
  package var shard: Int
  /// The account it belongs to, if any.
  package var accountID: UUID?
  /// The project it belongs to, if any.
  package var projectID: UUID?

  /// A stream.
  package init(name: String, shard: Int, accountID: UUID? = nil, projectID: UUID? = nil) {
    self.name = name
    self.shard = shard
    self.accountID = accountID
    self.projectID = projectID
  }
}
