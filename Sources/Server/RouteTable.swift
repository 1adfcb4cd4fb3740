import HTTPTypes
import Hummingbird
import Synchronization

/// Which methods each path is served with. The router alone calls a wrong method on a right path "not found", which would send
/// people looking for a mistake in the path.
///
/// A class, for the middleware that asks it is added before the routes are.
final class RouteTable: Sendable {
  private struct Entry {
    let segments: [Substring]
    let method: String
  }

  private let entries = Mutex<[Entry]>([])

  /// Takes the routes in, once all are there.
  func fill(from router: Router<RecountContext>) {
    let served = router.routes.map {
      Entry(segments: Self.segments("\($0.path)"), method: $0.method.rawValue)
    }
    entries.withLock { $0 = served }
  }

  /// What `Allow` says of a path, in order; nil where nothing is served. HEAD is wherever GET is, and OPTIONS everywhere.
  func allowed(at path: String) -> String? {
    let segments = Self.segments(path)
    let served = entries.withLock { entries in
      Set(entries.filter { Self.matches(segments, pattern: $0.segments) }.map(\.method))
    }
    guard !served.isEmpty else { return nil }
    let implied = served.contains("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"]
    return served.union(implied).sorted().joined(separator: ", ")
  }

  private static func segments(_ path: String) -> [Substring] { path.split(separator: "/") }

  private static func matches(_ segments: [Substring], pattern: [Substring]) -> Bool {
    // A parameter is written `{name}` or `:name`.
    segments.count == pattern.count
      && zip(segments, pattern).allSatisfy { $0 == $1 || $1.hasPrefix("{") || $1.hasPrefix(":") }
  }
}
