/// What a key, or an account, has left of both its rates. A call takes from both or, when one of them is empty, from neither.
package struct CallBuckets: Sendable, Hashable {
  /// Calls.
  package private(set) var requests: TokenBucket
  /// Bytes of their bodies.
  package private(set) var bytes: TokenBucket

  /// Full ones.
  package init(_ rate: CallRate, at now: Instant) {
    requests = TokenBucket(perSecond: rate.requestsPerSecond, at: now)
    bytes = TokenBucket(perSecond: rate.bytesPerSecond, at: now)
  }

  /// As somebody else has them, in thousandths.
  package init(requests: Int64, bytes: Int64, at time: Instant) {
    self.requests = TokenBucket(level: requests, time: time)
    self.bytes = TokenBucket(level: bytes, time: time)
  }

  /// Takes, unless a bucket that something is wanted from gives nothing. A call that is turned away takes nothing, or who goes on
  /// calling would never get in again.
  package mutating func take(_ cost: CallCost, at rate: CallRate, now: Instant) -> Bool {
    fill(at: rate, to: now)
    guard gives(cost) else { return false }
    spend(cost)
    return true
  }

  mutating func fill(at rate: CallRate, to now: Instant) {
    requests.fill(perSecond: rate.requestsPerSecond, to: now)
    bytes.fill(perSecond: rate.bytesPerSecond, to: now)
  }

  func gives(_ cost: CallCost) -> Bool { (requests.gives || cost.requests <= 0) && (bytes.gives || cost.bytes <= 0) }

  mutating func spend(_ cost: CallCost) {
    requests.take(cost.requests)
    bytes.take(cost.bytes)
  }

  /// The time until a call may come again; zero when it may.
  package func wait(at rate: CallRate) -> Duration {
    max(requests.wait(perSecond: rate.requestsPerSecond), bytes.wait(perSecond: rate.bytesPerSecond))
  }
}

/// What a call, or a part of it, takes.
package struct CallCost: Sendable, Hashable {
  /// Calls: one, or none where that was taken before.
  package var requests: Int
  /// Bytes of the body, as sent.
  package var bytes: Int

  /// A cost.
  package init(requests: Int, bytes: Int) {
    self.requests = requests
    self.bytes = bytes
  }
}
