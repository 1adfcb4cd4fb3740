import TestDatabase
import Testing

@testable import Domain

/// A demo shows what a customer's month looks like, and is the same whoever makes it.
@Suite struct DemoTrafficTests {
  /// A Monday.
  private static let begin: Instant = 1_762_128_000_000
  private static let traffic = DemoTraffic(DemoRecipe(seed: 1, monthlyRequests: 60_000, from: begin))
  private static let hours = (0..<720).map { traffic.requests(ofHour: $0).map(\.request) }
  private static let all = hours.flatMap { $0 }
  private var story: DemoStory { Self.traffic.story }

  private func share(_ requests: [TrackedRequest], _ holds: (TrackedRequest) -> Bool) -> Double {
    Double(requests.count(where: holds)) / Double(max(1, requests.count))
  }

  private func median(_ requests: [TrackedRequest]) -> Double {
    let times = requests.compactMap(\.responseTimeNanoseconds).sorted()
    return times.isEmpty ? 0 : Double(times[times.count / 2]) / 1_000_000
  }

  @Test func oneRecipeMakesTheSameRequestsAndAnotherSeedOthers() {
    let again = DemoTraffic(DemoRecipe(seed: 1, monthlyRequests: 60_000, from: Self.begin + .minutes(59)))
    let other = DemoTraffic(DemoRecipe(seed: 2, monthlyRequests: 60_000, from: Self.begin))
    for hour in [0, 14, 333, 719] {
      #expect(again.requests(ofHour: hour).map(\.request) == Self.hours[hour])
      #expect(other.requests(ofHour: hour).map(\.request) != Self.hours[hour])
    }
  }

  @Test func thirtyDaysHaveAboutWhatWasAskedFor() {
    // 60,000, the load test, and what more or fewer weekends than in an average month come to.
    #expect((56_000...66_000).contains(Self.all.count), "\(Self.all.count)")
  }

  @Test func anHourHoldsItsOwnRequestsInOrderAndSomeOfEachKey() {
    let small = DemoTraffic(DemoRecipe(seed: 3, monthlyRequests: 2_000, from: Self.begin))
    for hour in 0..<720 {
      let tracked = small.requests(ofHour: hour)
      let (begin, times) = (small.recipe.begin(ofHour: hour), tracked.map(\.request.timestamp))
      #expect(Set(tracked.map(\.key)) == Set(DemoKey.allCases))
      #expect(times == times.sorted() && times.allSatisfy { (begin..<begin + .hours(1)).contains($0) })
    }
  }

  @Test func nightsAndWeekendsAreQuiet() {
    func calls(_ days: [Int], _ hours: [Int]) -> Double {
      let counted = days.flatMap { day in hours.map { Self.hours[day * 24 + $0].count } }
      return Double(counted.reduce(0, +)) / Double(counted.count)
    }
    let (week, weekend) = (Array(0...4) + Array(7...11), [5, 12, 19])
    #expect(calls(week, Array(9...17)) > 4 * calls(week, Array(0...4)))
    #expect(calls(week, Array(0...23)) > 2 * calls(weekend, Array(0...23)))
  }

  @Test func someFortyEndpointsWithIdsInTheirPathsAreAskedForByAPowerLaw() {
    let templates = Dictionary(grouping: Self.all) { "\($0.method.rawValue) \($0.template)" }.mapValues(\.count)
    #expect(templates.count == DemoEndpoint.all.count && templates.count == 40)
    #expect(templates["GET /v2/products/{id}"] != nil && templates["PATCH /v2/carts/{id}/items/{id}"] != nil)
    let ranks = templates.values.sorted(by: >)
    #expect(ranks[0] > 15 * ranks[39] && ranks[0] < 3 * ranks[1], "\(ranks)")
    #expect(Set(Self.all.map(\.endpoint)).count > 2_000)
  }

  @Test func someAreRefusedAndFewFail() {
    let usual = Self.all.filter { !story.incident.contains($0.timestamp) && !story.slowRelease.contains($0.timestamp) }
    let refused = share(usual) { (400..<500).contains($0.statusCode) }
    let failed = share(usual) { $0.statusCode >= 500 }
    #expect((0.02...0.07).contains(refused) && (0.0005...0.005).contains(failed), "\(refused) \(failed)")
    #expect(Self.all.allSatisfy { ($0.error != nil) == ($0.statusCode >= 400) })
  }

  @Test func oneHourFails() {
    let during = Self.all.filter { story.incident.contains($0.timestamp) }
    #expect((0.3...0.5).contains(share(during) { $0.statusCode >= 500 }) && during.count > 50)
  }

  @Test func aReleaseIsSlowForTwoDaysAndThenReplaced() {
    let products = Self.all.filter { $0.template == "/v2/products" && $0.method == .get && $0.consumer != "load-test" }
    let releases = DemoStory.releases.map { release in products.filter { $0.release == release } }
    let medians = releases.map(median)
    #expect(medians[1] > 1.8 * medians[0] && medians[2] < 1.3 * medians[0], "\(medians)")
    #expect(
      Self.all.allSatisfy { ($0.release == DemoStory.releases[1]) == story.slowRelease.contains($0.timestamp) })
    #expect(story.slowRelease.upperBound - story.slowRelease.lowerBound == .days(2))
  }

  @Test func aLoadTestLiesWithinItsMinutes() {
    let test = Self.all.filter { $0.consumer == "load-test" }
    #expect(test.count == 1_200 && test.allSatisfy { story.loadTest.contains($0.timestamp) })
  }

  /// Medians lie well below the means, as response times do.
  @Test func timesAndSizesAreSkewed() {
    let products = Self.all.filter { $0.template == "/v2/products" && $0.release == DemoStory.releases[0] }
    let times = products.compactMap(\.responseTimeNanoseconds).map { Double($0) / 1_000_000 }
    let mean = times.reduce(0, +) / Double(times.count)
    #expect(mean > 1.08 * median(products) && times.allSatisfy { (0.2...30_000).contains($0) })
    let withBodies: [TrackedMethod] = [.post, .put, .patch]
    #expect(Self.all.allSatisfy { ($0.requestBytes != nil) == withBodies.contains($0.method) })
    let sizes = products.filter { $0.statusCode == 200 }.compactMap(\.responseBytes)
    #expect((sizes.min() ?? 0) > 1_000 && (sizes.max() ?? 0) > 40_000)
  }

  @Test func whateverHappensHappensOnItsDayOfTheWeekWithinThirtyDays() {
    for hour in 0..<200 {
      let begin = Self.begin + .hours(Int64(hour))
      let story = DemoStory(from: begin)
      let parts = [(story.loadTest, 6), (story.slowRelease, 1), (story.incident, 2)]
      for (span, weekday) in parts {
        #expect(DemoRhythm.weekday(of: span.lowerBound) == weekday)
        #expect(span.lowerBound > begin + .days(6) && span.upperBound < begin + .days(30))
      }
      #expect(story.loadTest.upperBound < story.slowRelease.lowerBound)
      #expect(story.slowRelease.upperBound < story.incident.lowerBound)
    }
  }
}
