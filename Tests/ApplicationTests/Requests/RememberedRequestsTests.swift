import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

@Suite(.timeLimit(.whatHangs)) struct RememberedRequestsTests {
  /// Who remembers nothing, asked beside who remembers all, while requests come, late ones too, some are voided and detail goes.
  @Test(arguments: 0..<3) func nobodyIsShownAnythingThatIsNoMore(seed: Int) async throws {
    try await RequestsTests.with { recounted in
      var random = Seeded(seed)
      var log = try await MixedLog(recounted.test, seed: seed)
      let filters = (0..<4).map { _ in RequestsTests.filter(log.sources, &random) } + [RequestFilter()]
      var shown = 0
      for _ in 0..<6 {
        try await log.append(15)
        try await recounted.catchUp(only: ["requests"])
        let fresh = try Questions(log: recounted.test.log, queries: Recounted.queries)
        for source in log.sources {
          let span = TrafficSpan(
            project: source.projectID, of: source.accountID, mode: source.mode, range: .epoch..<(.now + .days(1)))
          for filter in filters {
            let known = try await recounted.questions.requests(span, filter, limit: 20).value
            #expect(known == (try await fresh.requests(span, filter, limit: 20).value))
            shown += known.requests.count
          }
        }
      }
      #expect(shown > 500)
    }
  }

  /// A log that was taken away behind its back shows that no batch is read again.
  @Test func aPageAskedAgainReadsNoBatchTwice() async throws {
    try await Recounted.with { recounted in
      let source = try await recounted.test.account(tier: .business)
      let day = Instant.now.toDay - .days(2)
      for hour in 0..<9 {
        try await recounted.send((0..<30).map { Sent(time: day + .hours(Int64(hour)) + .seconds(Int64($0))) }, source)
      }
      try await recounted.catchUp(only: ["requests"])
      let span = TrafficSpan(
        project: source.projectID, of: source.accountID, mode: .live, range: day..<day + .days(1))
      let page = try await recounted.questions.requests(span, limit: 100).value
      #expect(page.requests.count == 100)
      try await recounted.test.owner.query("TRUNCATE log.batches")
      #expect(try await recounted.questions.requests(span, limit: 100).value == page)
      let fresh = try Questions(log: recounted.test.log, queries: Recounted.queries)
      #expect((try? await fresh.requests(span, limit: 100).value) != page)
    }
  }
}
