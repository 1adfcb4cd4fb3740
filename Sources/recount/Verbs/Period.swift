import Application
import ArgumentParser
import Domain

/// A length of time as people type it: 30s, 15m, 12h, 90d.
struct Period: ExpressibleByArgument {
  let span: Duration

  init(_ span: Duration) { self.span = span }

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    // Eight digits of days overflow nothing.
    guard let unit = argument.last.flatMap({ units[$0] }), argument.count <= 9,
      argument.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(argument.dropLast())
    else { return nil }
    span = .seconds(number * unit)
  }

  var defaultValueDescription: String {
    let seconds = span.wholeSeconds
    return seconds % 3_600 == 0 ? "\(seconds / 3_600)h" : "\(seconds)s"
  }

  /// From now.
  var end: Instant { SystemClock().now + span }
}
