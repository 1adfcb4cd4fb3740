/// Which hundreds the statuses of some requests are of: exactly, where a signature only says that they may be. Errors are what is looked for
/// most, and few requests are.
package struct StatusClasses: OptionSet, Hashable, Sendable {
  /// A bit for each hundred from 100 on.
  package let rawValue: Int

  /// Of bits.
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Those of 100 to 599, which all statuses are.
  static let count = 5

  /// That of a status.
  package init(of status: Int) { self.init(rawValue: 1 << (min(max(status, 100), 599) / 100 - 1)) }

  /// Those of a range of statuses.
  init(of statuses: ClosedRange<Int>) {
    self = stride(from: statuses.lowerBound / 100 * 100, through: statuses.upperBound, by: 100).reduce([]) {
      $0.union(StatusClasses(of: $1))
    }
  }

  /// Adds that of a status.
  mutating func insert(statusOf status: Int) { formUnion(StatusClasses(of: status)) }
}
