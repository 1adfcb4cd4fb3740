import Domain
import EventLog
import Foundation
import TestDatabase

extension RandomLog {
  /// Voids a stretch of a project: hours around a moment of the window, or much of it; some overlap earlier ones.
  mutating func void(_ source: TelemetrySource) async throws {
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    let from = now - Int64.random(in: 0..<34 * 86_400_000, using: &random)
    let length = [3_600_000, 6 * 3_600_000, 10 * 86_400_000].randomElement(using: &random) ?? 3_600_000
    do {
      try await Voiding(log: test.log)(
        UUID(), .init(mode: source.mode, from: from, to: from + Int64(length)), reason: "load test",
        givesBackQuota: Bool.random(using: &random), on: stream(of: source, test.shard(of: source)))
    } catch Project.Failure.nothingToVoid {
      // The moment was a quiet one.
    }
  }
}
