import Synchronization

/// How many servers there are, as far as this one knows: by how many a rate is divided where each goes by its share.
package final class ServerCount: Sendable {
  private let count: Atomic<Int>

  /// Alone, until it learns of others.
  package init(_ value: Int = 1) { count = Atomic(max(1, value)) }

  /// At least 1: this one.
  package internal(set) var value: Int {
    get { count.load(ordering: .relaxed) }
    set { count.store(max(1, newValue), ordering: .relaxed) }
  }
}
