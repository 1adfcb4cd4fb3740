import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// Why events were not accepted, by hour and day.
@Suite struct IntakeReasonTests {
  /// The reasons of a list of an answer's hours or days, all together.
  private func reasons(_ name: String, of entries: [JSON]) -> [String: Int] {
    let all = entries.flatMap { $0[name].elements }.map { ($0["reason"].string ?? "", $0["events"].integer) }
    return Dictionary(all, uniquingKeysWith: +)
  }

  @Test func eachReasonIsCountedBesideWhatWasAcceptedAndWhereNothingWas() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let good = EventText(service.clock)
      let (malformed, old) = (good.with("status_code", "99"), EventText(service.clock, after: -40 * 86_400))
      let (batch, id) = (UUID(), UUID())
      // Beside what is accepted, in the same batch.
      #expect(
        try await service.track([good, malformed, malformed, old].call(batch: batch), key: tenant.key).counts
          == Counts(accepted: 1, invalid: 3))
      let twice = [good.with(id: id), good.with(id: id).with("status_code", "404")]
      #expect(try await service.track(twice.call(), key: tenant.key).counts == Counts(accepted: 1, invalid: 1))
      // Of which nothing is accepted: within a minute.
      #expect(try await service.track([malformed, old].call(), key: tenant.key).counts == Counts(invalid: 2))
      #expect(try await service.track([good].call(batch: batch), key: tenant.key).status == 409)
      #expect(try await service.track(old.with(id: UUID()).text, key: tenant.key).counts == Counts(invalid: 1))
      let rest = [EventText](repeating: good, count: 1_000)
      #expect(
        try await service.track(rest.call(), key: tenant.key).counts == Counts(accepted: 998, refused: 2))
      try await service.catchUp()

      let span = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
      for (interval, list) in [("hour", "hours"), ("day", "days")] {
        let answer = try await service.get("\(tenant.path)/intake?interval=\(interval)&\(span)", key: tenant.key)
        let entries = answer[list].elements
        #expect(
          reasons("invalid_reasons", of: entries) == ["malformed": 3, "outside_window": 3, "id_conflict": 2],
          "\(interval)")
        #expect(reasons("refused_reasons", of: entries) == ["quota": 2], "\(interval)")
        for entry in entries {
          #expect(reasons("invalid_reasons", of: [entry]).values.reduce(0, +) == entry["invalid"].integer)
          #expect(reasons("refused_reasons", of: [entry]).values.reduce(0, +) == entry["refused"].integer)
        }
      }
      try await service.expectReplayIsClean()
    }
  }

  /// What an older release wrote does not say why.
  @Test func whereTheLogDoesNotSayWhyTheReasonIsUnknown() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let control = """
        [{"account_id": "\(tenant.accountID)", "project_id": "\(tenant.projectID)", "key_id": "\(UUID())", "mode": "live",
        "month": "\(service.clock.month())", "given": 0, "invalid": 4, "metered": true}]
        """
      let shard = Int32(service.test.log.shards.shard(of: tenant.accountID))
      try await service.test.owner.query("SELECT log.append(\(shard), \(control)::text::jsonb, \(["{}"]))")
      try await service.catchUp()
      let span = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
      let hours = try await service.get("\(tenant.path)/intake?\(span)", key: tenant.key)["hours"].elements
      #expect(hours.map { $0["invalid"] } == [4])
      #expect(reasons("invalid_reasons", of: hours) == ["unknown": 4])
      #expect(hours.first?["refused_reasons"] == [])
    }
  }
}
