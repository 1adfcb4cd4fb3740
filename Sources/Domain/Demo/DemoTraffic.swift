/// The requests of a demo, hour by hour: a pure function of its recipe.
package struct DemoTraffic: Sendable {
  /// What they follow from.
  package let recipe: DemoRecipe
  /// What happens meanwhile.
  package let story: DemoStory
  private let endpoints = DemoChoice(byRank: DemoEndpoint.all)
  private let consumers = DemoChoice(byRank: DemoEndpoint.consumers)
  /// What the load test asks for, and what stands in for a worker that had nothing else to do.
  private let tested, idle: DemoChoice<DemoEndpoint>

  /// By a recipe.
  package init(_ recipe: DemoRecipe) {
    self.recipe = recipe
    story = DemoStory(from: recipe.from)
    tested = DemoChoice(byRank: DemoEndpoint.all.filter { ["/v2/search", "/v2/orders"].contains($0.path) })
    idle = DemoChoice(byRank: DemoEndpoint.all.filter { $0.key == .worker })
  }

  /// A request, and the key that it is tracked with.
  package struct Tracked: Sendable {
    /// Whose key.
    package let key: DemoKey
    /// What is tracked.
    package let request: TrackedRequest
  }

  /// An hour's requests in the order of their times; each key has one at least.
  ///
  /// - Parameter hour: how many hours it begins after the recipe does.
  package func requests(ofHour hour: Int) -> [Tracked] {
    var random = DemoRandom(seed: recipe.seed, part: hour)
    let begin = recipe.begin(ofHour: hour)
    let mean = Double(recipe.monthlyRequests) / Double(DemoRecipe.days * 24) * DemoRhythm.weight(of: begin)
    let count = max(1, Int((mean + mean.squareRoot() * random.normal()).rounded()))
    var requests = (0..<count).map { _ in
      let time = begin + .milliseconds(random.below(3_600_000))
      return request(to: endpoints(&random), at: time, &random)
    }
    for key in DemoKey.allCases where !requests.contains(where: { $0.key == key }) {
      let endpoint = key == .worker ? idle(&random) : DemoEndpoint.all[0]
      requests.append(request(to: endpoint, at: begin + .milliseconds(random.below(3_600_000)), &random))
    }
    if story.loadTest.lowerBound == begin { requests += loadTest(&random) }
    return requests.sorted { $0.request.timestamp < $1.request.timestamp }
  }

  /// A fiftieth of what thirty days have, within its minutes.
  private func loadTest(_ random: inout DemoRandom) -> [Tracked] {
    let span = Int((story.loadTest.upperBound - story.loadTest.lowerBound).wholeMilliseconds)
    return (0..<recipe.monthlyRequests / 50).map { _ in
      let time = story.loadTest.lowerBound + .milliseconds(random.below(span))
      return request(to: tested(&random), at: time, by: "load-test", times: 2.6, &random)
    }
  }

  private func request(
    to endpoint: DemoEndpoint, at time: Instant, by caller: String? = nil, times factor: Double = 1,
    _ random: inout DemoRandom
  ) -> Tracked {
    let outcome = DemoOutcome(of: endpoint, at: time, in: story, &random)
    let consumer = caller ?? (random.chance(0.03) ? nil : consumers(&random))
    let sendsBody = [.post, .put, .patch].contains(endpoint.method)
    let sent = sendsBody ? size(&random, median: 620) : nil
    let answer = outcome.status == 304 || endpoint.bytes == 0 ? 0 : outcome.status < 300 ? endpoint.bytes : 170
    return Tracked(
      key: endpoint.key,
      request: TrackedRequest(
        endpoint: endpoint.endpoint(&random), method: endpoint.method, statusCode: outcome.status,
        responseTimeNanoseconds: duration(of: endpoint, outcome, at: time, times: factor, &random), timestamp: time,
        consumer: consumer, requestBytes: sent, responseBytes: size(&random, median: answer),
        release: story.release(at: time), error: outcome.error))
  }

  private func size(_ random: inout DemoRandom, median: Double) -> Int64 {
    median == 0 ? 0 : Int64(random.logNormal(median: median, spread: 0.5).rounded())
  }

  /// To the hundredth of a millisecond, which is as finely as most servers tell it.
  private func duration(
    of endpoint: DemoEndpoint, _ outcome: DemoOutcome, at time: Instant, times factor: Double,
    _ random: inout DemoRandom
  ) -> Int64 {
    var milliseconds = random.logNormal(median: endpoint.median, spread: 0.55) * factor
    if story.slowRelease.contains(time) { milliseconds *= 2.4 }
    if story.incident.contains(time) { milliseconds *= 3 }
    // What is turned away is so before the work is done; what times out has waited for long.
    if (400..<500).contains(outcome.status) { milliseconds *= 0.4 }
    if outcome.status == 504 { milliseconds = random.logNormal(median: 10_000, spread: 0.05) }
    return Int64((min(max(milliseconds, 0.2), 30_000) * 100).rounded()) * 10_000
  }
}
