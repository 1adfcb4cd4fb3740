import Domain
import HTTPTypes

/// What a key was told when it asked for a call, and what headers say of it (draft-ietf-httpapi-ratelimit-headers).
struct CallAllowance: Sendable {
  /// Whether it got the call.
  let isGiven: Bool
  /// Whether what follows is all the account's keys' together, since there is less of it than of the key's own.
  let isOfAccount: Bool
  /// What is left, here or over all servers.
  let buckets: CallBuckets
  /// What these fill by: the whole rate, or this server's share.
  let rate: CallRate
  /// What all servers let through.
  let whole: CallRate

  /// - Parameters:
  ///   - rates: what the levels fill by.
  ///   - whole: of all servers.
  init(isGiven: Bool, _ levels: CallLevels, rates: CallRates, whole: CallRates) {
    self.isGiven = isGiven
    isOfAccount = levels.areBoundByAccount(at: rates)
    buckets = isOfAccount ? levels.account : levels.key
    rate = isOfAccount ? rates.account : rates.key
    self.whole = isOfAccount ? whole.account : whole.key
  }

  /// Both policies; the window is what may come at once.
  var policies: String {
    let seconds = CallRate.burstSeconds
    return "\"requests\";q=\(whole.requestsPerSecond * seconds);w=\(seconds), "
      + "\"bytes\";q=\(whole.bytesPerSecond * seconds);w=\(seconds);qu=\"content-bytes\""
  }

  /// What is left of the one that there is less of, and in how many seconds that is full again.
  var tightest: String { tightestIsRequests ? requestsLeft : bytesLeft }

  /// Of both.
  var left: String { "\(requestsLeft), \(bytesLeft)" }

  var problem: Problem {
    let wait = seconds(buckets.wait(at: rate))
    let what =
      buckets.requests.gives
      ? "\(whole.bytesPerSecond) bytes of bodies a second" : "\(whole.requestsPerSecond) calls a second"
    return Problem(
      .throttled,
      "\(isOfAccount ? "all keys of the account together" : "each of the account's keys") may send \(what), \(CallRate.burstSeconds) seconds' worth at once; nothing of this call was "
        + "recorded: send it again after \(wait) s, gather more events in a call, compress bodies, or upgrade the tier",
      members: [
        "requests_per_second": .integer(whole.requestsPerSecond), "bytes_per_second": .integer(whole.bytesPerSecond),
        "retry_after_seconds": .integer(wait),
      ],
      headers: [.retryAfter: "\(wait)", .rateLimitPolicy: policies, .rateLimit: left])
  }

  private var requestsLeft: String {
    entry("requests", buckets.requests, perSecond: rate.requestsPerSecond)
  }

  private var bytesLeft: String { entry("bytes", buckets.bytes, perSecond: rate.bytesPerSecond) }

  private func entry(_ name: String, _ bucket: TokenBucket, perSecond rate: Int) -> String {
    "\"\(name)\";r=\(max(0, bucket.level) / 1000);t=\((bucket.refill(perSecond: rate) + 999) / 1000)"
  }

  private var tightestIsRequests: Bool {
    func part(_ bucket: TokenBucket, _ rate: Int) -> Double {
      Double(bucket.level) / Double(TokenBucket.capacity(perSecond: rate))
    }
    return part(buckets.requests, rate.requestsPerSecond) <= part(buckets.bytes, rate.bytesPerSecond)
  }

  /// Whole ones, at least one: who comes back a little early only comes back again.
  private func seconds(_ milliseconds: Int64) -> Int { max(1, Int((milliseconds + 999) / 1000)) }
}
