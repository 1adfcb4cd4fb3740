import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

@Suite(.timeLimit(.whatHangs)) struct TrafficTests {
  private func source(_ recounted: Recounted, _ mode: KeyMode = .live) async throws -> TelemetrySource {
    try await recounted.test.account(tier: .business)
  }

  private func span(_ source: TelemetrySource, _ range: Range<Instant>) -> TrafficSpan {
    TrafficSpan(project: source.projectID, of: source.accountID, mode: source.mode, range: range)
  }

  /// A span between quarters is what was asked; any other is told as what it was widened to.
  @Test func aSpanIsWidenedToQuartersAndTheAnswerSaysSo() async throws {
    try await Recounted.with { recounted in
      let source = try await source(recounted)
      let midnight = Instant.now.toDay - .days(1)
      let minutes: [Int64] = [5, 12, 40, 89, 95]
      try await recounted.send(minutes.map { Sent(time: midnight + .minutes($0)) }, source)
      try await recounted.catchUp(only: ["traffic"])
      let asked = midnight + .seconds(630)..<midnight + .minutes(80)
      let widened = midnight..<midnight + .minutes(90)
      for range in [asked, widened] {
        let summary = try await recounted.questions.trafficSummary(span(source, range))
        #expect(summary.range == widened)
        #expect(summary.value.numbers.calls == 4)
        #expect(summary.value.topEndpoints.map(\.numbers.calls) == [4])
        let endpoints = try await recounted.questions.endpoints(span(source, range), limit: 5)
        #expect(endpoints.value.entries.map(\.numbers.calls) == [4])
        #expect(try await recounted.questions.paths(span(source, range), limit: 5).value.entries.map(\.calls) == [4])
        let series = try await recounted.questions.trafficChart(span(source, range), by: .minute, in: .utc)
        #expect(series.value.points.count == 90 && series.value.points.map(\.numbers.calls).reduce(0, +) == 4)
      }
    }
  }

  /// A random log over the week in which Europe's clocks are set, random spans, zones and units, against a count over what was sent.
  @Test(arguments: 0..<4) func everySpanOfEveryZoneCountsWhatLiesInIt(seed: Int) async throws {
    try await Recounted.with { recounted in
      var random = Seeded(seed)
      let source = try await source(recounted)
      let start = Instant.now.toDay - .days(20)
      var sent: [Sent] = []
      for _ in 0..<6 {
        let some = (0..<200).map { _ in
          Sent(
            time: start + .milliseconds(Int64.random(in: 0..<9 * 86_400_000, using: &random)),
            endpoint: "/p\(Int.random(in: 0..<5, using: &random))",
            method: Bool.random(using: &random) ? .get : .post,
            status: [200, 404, 500].randomElement(using: &random) ?? 200,
            nanoseconds: Int.random(in: 0..<4, using: &random) == 0
              ? nil : .random(in: 0...9_000_000_000, using: &random))
        }
        sent += some
        try await recounted.send(some, source)
        if Bool.random(using: &random) { try await recounted.catchUp(only: ["traffic"]) }
      }
      try await recounted.catchUp(only: ["traffic"])
      for _ in 0..<25 {
        let quarters = (0..<2).map { _ in Int64.random(in: 0...9 * 96, using: &random) }.sorted()
        let range = start + .minutes(15 * quarters[0])..<start + .minutes(15 * quarters[1])
        let within = sent.filter { range.contains($0.time) }
        try await expectSummary(span(source, range), of: within, recounted)
        try await expectSeries(span(source, range), of: within, recounted, &random)
        try await expectEndpoints(span(source, range), of: within, recounted)
      }
    }
  }

  private func expectSummary(_ span: TrafficSpan, of sent: [Sent], _ recounted: Recounted) async throws {
    let summary = try await recounted.questions.trafficSummary(span)
    let numbers = summary.value.numbers
    #expect(summary.range == span.range)
    let times = sent.compactMap(\.nanoseconds)
    #expect(numbers.calls == sent.count && numbers.timedCalls == times.count)
    #expect(
      numbers.errors4xx == sent.count { $0.status == 404 } && numbers.errors5xx == sent.count { $0.status == 500 })
    let longest = times.max().map { Decimal($0) / 1_000_000 }
    #expect(numbers.longestResponseTime.flatMap { Decimal(string: $0) } == longest)
    #expect((numbers.p99 == nil) == times.isEmpty)
    if !times.isEmpty {
      let mean = Decimal(times.reduce(0, +)) / Decimal(times.count) / 1_000_000
      let shown = try #require(numbers.averageResponseTime.flatMap { Decimal(string: $0) })
      #expect(abs(shown - mean) <= Decimal(string: "0.000000001") ?? 0)
    }
  }

  private func expectSeries(
    _ span: TrafficSpan, of sent: [Sent], _ recounted: Recounted, _ random: inout Seeded
  ) async throws {
    let unit = [LocalCalendar.Unit.hour, .day, .week, .month].randomElement(using: &random) ?? .day
    let name = ["UTC", "Asia/Kolkata", "Europe/Berlin", "America/St_Johns"].randomElement(using: &random) ?? "UTC"
    let calendar = LocalCalendar(try #require(TimeZone(identifier: name)))
    let points = try await recounted.questions.trafficChart(span, by: unit, in: calendar).value.points
    let expected = Dictionary(grouping: sent) { calendar.interval(unit, holding: $0.time).lowerBound }.mapValues(
      \.count)
    let found = points.filter { $0.numbers.calls > 0 }.map { ($0.time, Int($0.numbers.calls)) }
    #expect(Dictionary(found, uniquingKeysWith: +) == expected, "\(unit) \(name) \(span.range)")
    #expect(points.map(\.numbers.calls).reduce(0, +) == sent.count)
  }

  private func expectEndpoints(_ span: TrafficSpan, of sent: [Sent], _ recounted: Recounted) async throws {
    var found: [String: Int] = [:]
    var rank: TrafficRank?
    repeat {
      let page = try await recounted.questions.endpoints(span, after: rank, limit: 3).value
      for entry in page.entries { found["\(entry.method ?? "") \(entry.template ?? "")"] = Int(entry.numbers.calls) }
      rank = page.next
    } while rank != nil
    let expected = Dictionary(grouping: sent) { "\($0.method.rawValue) \($0.endpoint)" }.mapValues(\.count)
    #expect(found == expected, "\(span.range)")
  }

  /// A crawler asks for more paths than a day may have: none is lost, and those that came first keep their names.
  @Test func whatIsBeyondTheLabelsOfADayCountsUnderOneThatSaysSo() async throws {
    try await Recounted.with { recounted in
      let source = try await source(recounted)
      let noon = Instant.now.toDay - .days(1)
      for part in 0..<5 {
        let sent = (0..<500).map { Sent(time: noon + .milliseconds($0), endpoint: "/scan/x\(part)_\($0)y") }
        try await recounted.send(sent + [Sent(time: noon, endpoint: "/home")], source)
        if part % 2 == 0 { try await recounted.catchUp(only: ["traffic"]) }
      }
      try await recounted.catchUp(only: ["traffic"])
      let page = try await recounted.questions.paths(span(source, noon..<noon + .days(1)), limit: 2).value.entries
      #expect(page.map(\.calls) == [501, 5], "1,999 have a name of their own beside /home")
      #expect(page.map(\.path) == [nil, "/home"])
      let numbers = try await recounted.test.owner.query("SELECT count(*) AS n FROM traffic.paths").first
      #expect(try numbers?.decode("n", as: Int.self) == 2_001)
    }
  }

  /// The nova-api log as an external counter sees it: 1,017 requests, their statuses, endpoints and exact mean.
  @Test(.enabled(if: NovaLog.exists)) func theNovaLogGivesTheNumbersThatAwkGives() async throws {
    try await Recounted.with { recounted in
      let requests = try NovaLog.requests()
      let source = try await source(recounted)
      try await recounted.send(
        requests.map {
          Sent(
            time: $0.timestamp, endpoint: $0.endpoint, method: $0.method, status: $0.statusCode,
            nanoseconds: $0.responseTimeNanoseconds)
        }, source)
      try await recounted.catchUp(only: ["traffic"])
      let found = try await recounted.questions.trafficSummary(span(source, NovaLog.from..<NovaLog.to)).value
      #expect(found.numbers.calls == 1_017 && found.numbers.errors4xx == 41 && found.numbers.errors5xx == 0)
      #expect(found.numbers.statuses.map(\.number) == [200, 202, 204, 404])
      #expect(found.numbers.statuses.map(\.count) == [933, 21, 22, 41])
      let mean = Decimal(requests.reduce(Int64(0)) { $0 + ($1.responseTimeNanoseconds ?? 0) }) / 1_017_000_000
      let shown = try #require(found.numbers.averageResponseTime.flatMap { Decimal(string: $0) })
      #expect(abs(shown - mean) < Decimal(string: "0.000000001") ?? 0)
      #expect(found.topEndpoints.first?.template == "/v2/{id}/servers/detail")
      #expect(found.topEndpoints.first?.numbers.calls == 698)
    }
  }

  @Test func consumersReleasesAndKeysAreToldApartAndWhoNamesNoneIsInNoEntry() async throws {
    try await Recounted.with { recounted in
      let source = try await source(recounted)
      let day = Instant.now.toDay - .days(3)
      let sent: [Sent] = (0..<9).map { number in
        var one = Sent(time: day + .hours(Int64(number * 7)), status: number == 0 ? 500 : 200)
        one.consumer = [nil, "shop 1", "shop 2"][number % 3]
        one.release = number < 5 ? "1.0" : "1.1"
        return one
      }
      try await recounted.send(sent, source)
      try await recounted.catchUp(only: ["traffic"])
      let span = span(source, day..<day + .days(3))
      let consumers = try await recounted.questions.traffic(by: .consumer, span, limit: 9).value.entries
      #expect(
        Dictionary(consumers.map { ($0.name, $0.numbers.calls) }, uniquingKeysWith: +) == ["shop 1": 3, "shop 2": 3])
      let releases = try await recounted.questions.traffic(by: .release, span, limit: 9).value.entries
      #expect(releases.map(\.name) == ["1.0", "1.1"] && releases.map(\.numbers.calls) == [5, 4])
      #expect(releases.map(\.numbers.errors5xx) == [1, 0])
      #expect(releases.map(\.days) == [day...day + .days(1), day + .days(1)...day + .days(2)])
      let keys = try await recounted.questions.traffic(by: .key, span, limit: 9).value.entries
      #expect(keys.map(\.name) == [source.keyID.uuidString.lowercased()] && keys.map(\.numbers.calls) == [9])
    }
  }

  /// The running month has lost days of its detail, but none that its number needs.
  @Test func aMonthWhoseFirstDaysHaveLostTheirDetailIsStillAPoint() async throws {
    try await Recounted.with { recounted in
      let source = try await source(recounted)
      let today = Instant.now.toDay
      let sent = (0..<34).map { Sent(time: today - .days(Int64($0)) + .minutes(1)) }
      try await recounted.send(sent, source)
      try await recounted.retain(source, from: today - .days(7))
      try await recounted.catchUp(only: ["traffic"])
      let range = today - .days(33)..<today + .minutes(30)
      for unit in [LocalCalendar.Unit.week, .month, .day] {
        let points = try await recounted.questions.trafficChart(span(source, range), by: unit, in: .utc).value.points
        #expect(points.map(\.numbers.calls).reduce(0, +) == 34, "\(unit)")
      }
      let india = LocalCalendar(try #require(TimeZone(identifier: "Asia/Kolkata")))
      let days = try await recounted.questions.trafficChart(span(source, range), by: .day, in: india)
      #expect(days.detailFrom == today - .days(7))
      #expect(days.value.points.map(\.numbers.calls).reduce(0, +) == 7, "days of India are told where detail is kept")
      let nothing = try await recounted.questions.trafficSummary(
        span(source, today + .minutes(1)..<today + .minutes(1)))
      #expect(nothing.value.numbers.calls == 0)
    }
  }

  /// Months of requests that a void has counted again come some at a time.
  @Test func aVoidOfAMomentAgoLeavesWhatARebuildWouldShow() async throws {
    try await Recounted.with { recounted in
      let source = try await source(recounted)
      let stream = StreamID(
        name: "project-\(source.projectID)", shard: recounted.test.shard(of: source), accountID: source.accountID,
        projectID: source.projectID)
      try await recounted.test.log.handle(
        .create(id: source.projectID, accountID: source.accountID, name: "shop"), by: Project.self, on: stream)
      let day = Instant.now.toDay - .days(2)
      try await recounted.send((0..<300).map { Sent(time: day + .minutes(Int64($0))) }, source)
      try await recounted.catchUp(only: ["traffic"])
      try await Voiding(log: recounted.test.log)(
        UUID(), .init(mode: .live, from: day, to: day + .minutes(100)), reason: "a load test", on: stream)
      try await recounted.catchUp(only: ["traffic"])
      #expect(
        try await recounted.questions.trafficSummary(span(source, day..<day + .days(1))).value.numbers.calls == 200)
    }
  }
}
