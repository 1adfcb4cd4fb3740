import Domain
import Foundation

/// Whose requests a unit holds.
struct RequestScope: Hashable, Sendable {
  let project: UUID
  /// `live` or `test`.
  let mode: String
}

/// A stretch of time of a project and mode: what a row of a series or of places is of.
struct RequestBlock: Hashable, Sendable {
  let scope: RequestScope
  /// Milliseconds since 1970.
  let start: Int64

  var at: Instant { Instant(milliseconds: start) }
}

/// Some blocks in some order, as arrays.
struct BlockKeys {
  private(set) var projects: [UUID] = []
  private(set) var modes: [String] = []
  private(set) var ats: [Instant] = []

  init(_ blocks: some Sequence<RequestBlock> = []) {
    for block in blocks { add(block) }
  }

  mutating func add(_ block: RequestBlock) {
    projects.append(block.scope.project)
    modes.append(block.scope.mode)
    ats.append(block.at)
  }
}
