import Domain

/// What the schemas of one moment have in common.
enum SnapshotName {
  /// PostgreSQL cuts off longer names in silence.
  private static let longestIdentifier = 63

  /// Such as `at_20261124t100000z`, or `at_s0p120` for positions.
  static func of(_ asOf: AskedMoment) -> String {
    switch asOf {
    case .time(let instant):
      let digits = instant.description.filter(\.isNumber)
      let (day, time, milliseconds) = (digits.prefix(8), digits.dropFirst(8).prefix(6), digits.dropFirst(14))
      return "at_\(day)t\(time)\(milliseconds == "000" ? "" : "_\(milliseconds)")z"
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
