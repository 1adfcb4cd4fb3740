import Domain
import EventLog
import Foundation
import TestDatabase

extension RandomLog {
  /// Voids a span of a project: hours around a moment of the window, or much of it; some overlap earlier ones.
  mutating func void(_ source: TelemetrySource) async throws {
    let now = Instant.now
    let from = now - .milliseconds(Int.random(in: 0..<34 * 86_400_000, using: &random))
    let length = [.hours(1), .hours(6), .days(10)].randomElement(using: &random) ?? Duration.hours(1)
    do {
      try await Voiding(log: test.log)(
        UUID(), .init(mode: source.mode, from: from, to: from + length), reason: "load test",
        givesBackQuota: Bool.random(using: &random), on: stream(of: source, test.shard(of: source)))
    } catch Project.Failure.nothingToVoid {
      // The moment was a quiet one.
    }
  }
}
