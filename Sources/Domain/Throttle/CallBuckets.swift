/// What a key, or an account, has left of both its rates. A call takes from both or, when one of them is empty, from neither.
public struct CallBuckets: Sendable, Hashable {
  /// Calls.
  public private(set) var requests: TokenBucket
  /// Bytes of their bodies.
  public private(set) var bytes: TokenBucket

  /// Full ones.
  public init(_ rate: CallRate, at now: Int64) {
    requests = TokenBucket(perSecond: rate.requestsPerSecond, at: now)
    bytes = TokenBucket(perSecond: rate.bytesPerSecond, at: now)
  }

  /// As somebody else has them, in thousandths.
  public init(requests: Int64, bytes: Int64, at time: Int64) {
    self.requests = TokenBucket(level: requests, time: time)
    self.bytes = TokenBucket(level: bytes, time: time)
  }

  /// Takes, unless a bucket that something is wanted from gives nothing. A call that is turned away takes nothing, or who goes on
  /// calling would never get in again.
  public mutating func take(_ cost: CallCost, at rate: CallRate, now: Int64) -> Bool {
    fill(at: rate, to: now)
    guard gives(cost) else { return false }
    spend(cost)
    return true
  }

  mutating func fill(at rate: CallRate, to now: Int64) {
    requests.fill(perSecond: rate.requestsPerSecond, to: now)
    bytes.fill(perSecond: rate.bytesPerSecond, to: now)
  }

  func gives(_ cost: CallCost) -> Bool { (requests.gives || cost.requests <= 0) && (bytes.gives || cost.bytes <= 0) }

  mutating func spend(_ cost: CallCost) {
    requests.take(cost.requests)
    bytes.take(cost.bytes)
  }

  /// Milliseconds until a call may come again; 0 when it may.
  public func wait(at rate: CallRate) -> Int64 {
    max(requests.wait(perSecond: rate.requestsPerSecond), bytes.wait(perSecond: rate.bytesPerSecond))
  }
}

/// What a call, or a part of it, takes.
public struct CallCost: Sendable, Hashable {
  /// Calls: one, or none where that was taken before.
  public var requests: Int
  /// Bytes of the body, as sent.
  public var bytes: Int

  /// A cost.
  public init(requests: Int, bytes: Int) {
    self.requests = requests
    self.bytes = bytes
  }
}
