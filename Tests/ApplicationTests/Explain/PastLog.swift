import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// A mixed log whose batches were recorded over some days, most of them on one, and some about its midnight; some voids give quota back.
struct PastLog {
  let mixed: MixedLog
  /// Moments at which somebody may have looked: when batches were recorded, right before and after, midnights.
  let moments: [Instant]

  var sources: [TelemetrySource] { mixed.sources }
  var shard: Int { mixed.shard }
  /// Of which anything was served.
  let months: [CalendarMonth]

  /// Its batches are recorded from the evening before a day on. The projector takes them in in cuts of its own.
  init(_ recounted: Recounted, seed: Int, from day: Instant, keepingAll: Bool = false) async throws {
    let test = recounted.test
    var random = Seeded(seed)
    let times: [Duration] = [
      .hours(-2), .hours(9), .hours(18), .hours(24) - .seconds(4), .hours(36), .hours(60),
    ]
    let log = Kept<MixedLog>()
    for time in times {
      try await test.recorded(at: day + time) {
        var mixed = if let mixed = log.value { mixed } else { try await MixedLog(test, seed: seed) }
        try await mixed.append(12, around: day + time, keepingAll: keepingAll)
        if time > .zero {
          for source in mixed.sources { try await Self.giveBack(source, around: day + time, test, &random) }
        }
        log.value = mixed
      }
      if Bool.random(using: &random) { try await recounted.catchUp(only: ["requests", "usage", "directory"]) }
    }
    try await recounted.catchUp(only: ["requests", "usage", "directory"])
    mixed = try #require(log.value)
    months = Set([-40, -20, 0, 2].map { CalendarMonth(of: day + .days($0)) }).sorted { $0.start < $1.start }
    let recorded = try await test.owner.query(
      "SELECT recorded_at FROM log.batches WHERE shard = \(Int32(mixed.shard))"
    ).map { try $0.decode("recorded_at", as: Instant.self) }
    moments =
      recorded.flatMap { [$0, $0 - .microseconds(1), $0 + .milliseconds(400)] }
      + [day, day + .days(1), day + .days(2), day - .days(9), day + .days(900)]
  }

  private static func giveBack(
    _ source: TelemetrySource, around now: Instant, _ test: TestLog, _ random: inout Seeded
  ) async throws {
    guard Int.random(in: 0..<4, using: &random) == 0 else { return }
    let from = now - .seconds(Int.random(in: 0..<800_000, using: &random))
    let stream = StreamID(
      name: "project-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    do {
      try await Voiding(log: test.log)(
        UUID(), .init(mode: source.mode, from: from, to: from + .hours(30)), reason: "our own fault",
        givesBackQuota: true, on: stream)
    } catch Project.Failure.nothingToVoid {
      // A quiet one.
    }
  }
}

/// What one closure leaves for the next.
final class Kept<Value> { var value: Value? }
