import Application
import Domain

/// What headers say of an allowance (draft-ietf-httpapi-ratelimit-headers).
extension CallAllowance {
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

  private var requestsLeft: String {
    entry("requests", buckets.requests, perSecond: rate.requestsPerSecond)
  }

  private var bytesLeft: String { entry("bytes", buckets.bytes, perSecond: rate.bytesPerSecond) }

  private func entry(_ name: String, _ bucket: TokenBucket, perSecond rate: Int) -> String {
    "\"\(name)\";r=\(max(0, bucket.level) / 1000);t=\(bucket.refill(perSecond: rate).secondsRoundedUp)"
  }

  private var tightestIsRequests: Bool {
    func part(_ bucket: TokenBucket, _ rate: Int) -> Double {
      Double(bucket.level) / Double(TokenBucket.capacity(perSecond: rate))
    }
    return part(buckets.requests, rate.requestsPerSecond) <= part(buckets.bytes, rate.bytesPerSecond)
  }
}
