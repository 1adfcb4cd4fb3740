import Foundation

/// What the schemas of one moment have in common.
enum SnapshotName {
  /// PostgreSQL cuts off longer names in silence.
  private static let longestIdentifier = 63

  /// Such as `at_20261124t100000z`, or `at_s0p120` for positions.
  static func of(_ asOf: AsOf) -> String {
    switch asOf {
    case .time(let date):
      let whole = date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
      let digits = whole.filter { $0.isNumber }
      let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded(.down)) % 1000
      let fraction = milliseconds == 0 ? "" : String(format: "_%03d", milliseconds)
      return "at_\(digits.prefix(8))t\(digits.dropFirst(8))\(fraction)z"
    case .positions(let positions):
      return "at_" + positions.sorted { $0.key < $1.key }.map { "s\($0.key)p\($0.value)" }.joined(separator: "_")
    }
  }

  static func check(_ name: String, for projection: String) throws(TimeTravelError) {
    let longest = longestIdentifier - projection.utf8.count - 1
    guard name.wholeMatch(of: /[a-z0-9_]+/) != nil, name.utf8.count <= longest else {
      throw .name(name, longest: longest)
    }
  }
}
