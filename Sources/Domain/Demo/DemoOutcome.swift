/// How a request of a demo ended.
struct DemoOutcome {
  let status: Int
  /// The name of an error, where it was one.
  let error: String?

  /// Shares of all that are answered so, as a shop's are.
  private enum Share {
    static let failed = 0.002
    static let failedByIncident = 0.38
    static let failedBySlowRelease = 0.006
    static let unauthorised = 0.006
    static let wrongPassword = 0.09
    static let tooMany = 0.003
    static let notFound = 0.022
    static let notValid = 0.026
    static let malformed = 0.004
    static let notModified = 0.08
  }

  /// What becomes of a request at a time.
  init(of endpoint: DemoEndpoint, at time: Instant, in story: DemoStory, _ random: inout DemoRandom) {
    self =
      Self.failure(at: time, in: story, &random) ?? Self.refusal(of: endpoint, &random)
      ?? Self.success(of: endpoint, &random)
  }

  private init(_ status: Int, _ error: String? = nil) {
    (self.status, self.error) = (status, error)
  }

  private static func failure(at time: Instant, in story: DemoStory, _ random: inout DemoRandom) -> DemoOutcome? {
    if story.incident.contains(time), random.chance(Share.failedByIncident) {
      return random.chance(0.8) ? DemoOutcome(503, "DatabaseUnavailable") : DemoOutcome(500, "ConnectionReset")
    }
    if story.slowRelease.contains(time), random.chance(Share.failedBySlowRelease) {
      return DemoOutcome(504, "UpstreamTimeout")
    }
    guard random.chance(Share.failed) else { return nil }
    let failures = [
      DemoOutcome(500, "InternalError"), DemoOutcome(502, "BadGateway"), DemoOutcome(504, "UpstreamTimeout"),
    ]
    return failures[random.below(failures.count)]
  }

  private static func refusal(of endpoint: DemoEndpoint, _ random: inout DemoRandom) -> DemoOutcome? {
    let isLogIn = endpoint.path == "/v2/sessions"
    if random.chance(isLogIn ? Share.wrongPassword : Share.unauthorised) {
      return DemoOutcome(401, isLogIn ? "WrongPassword" : "InvalidToken")
    }
    if random.chance(Share.tooMany) { return DemoOutcome(429, "RateLimited") }
    if endpoint.hasID, random.chance(Share.notFound) { return DemoOutcome(404, "NotFound") }
    guard [.post, .put, .patch].contains(endpoint.method) else { return nil }
    if random.chance(Share.notValid) { return DemoOutcome(422, "ValidationError") }
    return random.chance(Share.malformed) ? DemoOutcome(400, "MalformedBody") : nil
  }

  private static func success(of endpoint: DemoEndpoint, _ random: inout DemoRandom) -> DemoOutcome {
    if endpoint.bytes == 0 { return DemoOutcome(204) }
    if endpoint.method == .post { return DemoOutcome(201) }
    let isCached = endpoint.method == .get && endpoint.key == .shop && random.chance(Share.notModified)
    return DemoOutcome(isCached ? 304 : 200)
  }
}
