import Domain
import NIOCore

/// How long a client has taken over its request, and whether that is too long. A value: told what happens, asked now and then.
struct RequestClock {
  private enum Phase {
    /// No byte of a request that isn't read yet.
    case between
    case head(since: NIODeadline)
    case body(Body)
  }

  private struct Body {
    let since: NIODeadline
    /// The stretch over which the rate is being measured; the first is not.
    var stretch: NIODeadline
    var bytes = 0
    var isGrace = true
  }

  enum Verdict: Equatable {
    case idle
    case headLate
    case requestLate
    case bodySlow
  }

  private let limits: ServerLimits
  private var phase = Phase.between
  /// Since when there has been nothing to answer.
  private var quietSince: NIODeadline
  /// What the current request's head took.
  private var began: NIODeadline

  init(_ limits: ServerLimits, now: NIODeadline) {
    self.limits = limits
    quietSince = now
    began = now
  }

  /// Whether a request's body is still to come.
  var isInBody: Bool { if case .body = phase { true } else { false } }

  /// Bytes came in, of whatever.
  mutating func bytes(at now: NIODeadline) {
    guard case .between = phase else { return }
    phase = .head(since: now)
  }

  /// A head is complete.
  mutating func head(at now: NIODeadline) {
    if case .head(let since) = phase { began = since } else { began = now }
    phase = .body(Body(since: began, stretch: now))
  }

  /// Some of its body came.
  mutating func body(_ count: Int) {
    guard case .body(var body) = phase else { return }
    body.bytes += count
    phase = .body(body)
  }

  /// The request is complete.
  mutating func end() { phase = .between }

  /// Nothing is left to answer.
  mutating func quiet(at now: NIODeadline) { quietSince = now }

  /// We have not read for this long: the client can't be blamed for it.
  mutating func excuse(_ pause: TimeAmount) {
    guard case .body(var body) = phase else { return }
    body = Body(since: body.since + pause, stretch: body.stretch + pause, bytes: body.bytes, isGrace: body.isGrace)
    phase = .body(body)
  }

  /// What is too long, if anything.
  ///
  /// - Parameter isAnswering: whether an answer is outstanding: a client need not send the next request meanwhile.
  mutating func verdict(at now: NIODeadline, isAnswering: Bool) -> Verdict? {
    switch phase {
    case .between: return !isAnswering && now - quietSince >= limits.idle ? .idle : nil
    case .head(let since):
      return !isAnswering && now - max(since, quietSince) >= limits.head ? .headLate : nil
    case .body(var body):
      if now - body.since >= limits.request { return .requestLate }
      let length = now - body.stretch
      guard length >= limits.grace else { return nil }
      let least = Double(limits.bodyBytesPerSecond) * Double(length.nanoseconds) / 1e9
      guard body.isGrace || Double(body.bytes) >= least else { return .bodySlow }
      body = Body(since: body.since, stretch: now, bytes: 0, isGrace: false)
      phase = .body(body)
      return nil
    }
  }
}

/// Whether a client takes what it asked for.
struct AnswerClock {
  private let limits: ServerLimits
  private var stretch: NIODeadline
  /// What had been taken when the stretch began.
  private var taken: Int64 = 0

  init(_ limits: ServerLimits, now: NIODeadline) {
    self.limits = limits
    stretch = now
  }

  /// - Parameters:
  ///   - written: bytes written to the connection so far.
  ///   - waiting: those of them that the client, and the kernel on its behalf, has not taken.
  mutating func isStalled(at now: NIODeadline, written: Int64, waiting: Int64) -> Bool {
    guard waiting > 0 else {
      (stretch, taken) = (now, written)
      return false
    }
    guard now - stretch >= limits.stall else { return false }
    guard written - waiting - taken >= Int64(limits.stallBytes) else { return true }
    (stretch, taken) = (now, written - waiting)
    return false
  }
}
