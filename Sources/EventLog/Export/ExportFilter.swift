package import Domain
package import Foundation

/// Which events an export holds. What is nil lets all pass.
package struct ExportFilter: Sendable, Equatable {
  /// Of this account.
  package var accountID: UUID?
  /// Of this project.
  package var projectID: UUID?
  /// Recorded at or after.
  package var from: Instant?
  /// Recorded before.
  package var to: Instant?
  /// Of this type.
  package var type: String?

  /// A filter.
  package init(
    accountID: UUID? = nil, projectID: UUID? = nil, from: Instant? = nil, to: Instant? = nil, type: String? = nil
  ) {
    self.accountID = accountID
    self.projectID = projectID
    self.from = from
    self.to = to
    self.type = type
  }
}

/// Why an export can't be made as asked.
package enum ExportError: Error, Equatable, CustomStringConvertible {
  /// Batches are exported whole.
  case filteredBatches
  /// The format holds tracked requests alone.
  case typeNotInCSV(String)
  /// The log has no such shard.
  case unknownShard(Int)

  /// Says what to do.
  package var description: String {
    switch self {
    case .filteredBatches:
      "a chain with holes proves nothing: export batches without filters (--shard alone may be given), or filter "
        + "in the formats cloudevents and csv"
    case .typeNotInCSV(let type):
      "the format csv holds request_tracked alone, not \(type): use cloudevents, or leave the type out"
    case .unknownShard(let shard):
      "shard \(shard) does not exist in this log: leave --shard out to see them all"
    }
  }
}
