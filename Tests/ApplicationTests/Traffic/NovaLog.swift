import Domain
import Foundation
import TestDatabase

/// The OpenStack log that the numbers of the README are counted on, where it is at hand.
enum NovaLog {
  private static let file =
    Recounted.projections
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/openstack-nova-api.log")

  static var exists: Bool { FileManager.default.fileExists(atPath: file.path) }
  static let from = Instant(milliseconds: 1_494_806_400_000)
  static let to = Instant(milliseconds: 1_495_065_600_000)

  /// Its requests, read as simply as awk would.
  static func requests() throws -> [TrackedRequest] {
    try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).enumerated().compactMap {
      index, line in
      guard let match = line.firstMatch(of: /"([A-Z]+) (\S+) HTTP\/1.1" status: (\d+) len: \d+ time: ([0-9.]+)/),
        let method = TrackedMethod(rawValue: String(match.1)), let status = Int(match.3),
        let seconds = Decimal(string: String(match.4))
      else { return nil }
      return TrackedRequest(
        endpoint: String(match.2), method: method, statusCode: status,
        responseTimeNanoseconds: NSDecimalNumber(decimal: seconds * 1_000_000_000).int64Value,
        timestamp: from + .seconds(index))
    }
  }
}
