import ArgumentParser
import Foundation

/// A length of time as people type it: 30s, 15m, 12h, 90d.
struct Period: ExpressibleByArgument {
  let seconds: Int64

  init(seconds: Int64) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    // Eight digits of days overflow nothing.
    guard let unit = argument.last.flatMap({ units[$0] }), argument.count <= 9,
      argument.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(argument.dropLast())
    else { return nil }
    seconds = number * unit
  }

  var defaultValueDescription: String { seconds % 3_600 == 0 ? "\(seconds / 3_600)h" : "\(seconds)s" }

  var milliseconds: Int64 { seconds * 1000 }

  /// From now, in milliseconds since 1970.
  var end: Int64 { Int64(Date().timeIntervalSince1970 * 1000) + milliseconds }
}
