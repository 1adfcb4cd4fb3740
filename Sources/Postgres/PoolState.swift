import DequeModule

/// What someone who needs a connection gets.
enum PoolGrant: Sendable {
  /// A connection that is free.
  case member(Connection)
  /// The right to open one.
  case room
}

/// Who has which connection of a pool: decides, and leaves the doing to `Pool`.
struct PoolState<Waiter: Sendable> {
  /// What to do about a request.
  enum Answer {
    case granted(PoolGrant)
    /// It has been queued; the first in the queue needs the timer started.
    case queued(startTimer: Bool)
    case closed
  }

  private let size: Int
  /// Granted and idle ones together.
  private(set) var open = 0
  private(set) var isClosed = false
  private var idle: [Connection] = []
  /// In the order of their coming into the queue, which is not always that of their tickets.
  private var queue: Deque<Waiting> = []
  private var next: UInt64 = 0
  private var hasTimer = false

  private struct Waiting {
    let ticket: UInt64
    let waiter: Waiter
    let expiry: ContinuousClock.Instant
  }

  init(size: Int) { self.size = size }

  /// How many wait.
  var waiting: Int { queue.count }
  /// How many are granted.
  var granted: Int { open - idle.count }

  /// A name for the next request, by which it can be withdrawn should it have to wait.
  mutating func takeTicket() -> UInt64 {
    defer { next += 1 }
    return next
  }

  /// Someone needs a connection.
  mutating func request() -> PoolGrant? {
    guard !isClosed, queue.isEmpty else { return nil }
    // The one used last: its caches are warm, and the others may be closed by the server when it goes quiet.
    if let member = idle.popLast() { return .member(member) }
    guard open < size else { return nil }
    open += 1
    return .room
  }

  /// Someone needs a connection and can wait for it.
  mutating func request(ticket: UInt64, _ waiter: Waiter, expiry: ContinuousClock.Instant) -> Answer {
    if isClosed { return .closed }
    if let grant = request() { return .granted(grant) }
    queue.append(Waiting(ticket: ticket, waiter: waiter, expiry: expiry))
    defer { hasTimer = true }
    return .queued(startTimer: !hasTimer)
  }

  /// A connection came back; nil when it was broken. Returns who gets what next, and a member to close.
  mutating func giveBack(_ member: Connection?) -> (waiter: Waiter, grant: PoolGrant)? {
    if !isClosed, let waiter = popFirst() { return (waiter, member.map(PoolGrant.member) ?? .room) }
    if let member, !isClosed { idle.append(member) } else { open -= 1 }
    return nil
  }

  /// Someone no longer waits.
  mutating func withdraw(ticket: UInt64) -> Waiter? {
    queue.firstIndex { $0.ticket == ticket }.map { queue.remove(at: $0).waiter }
  }

  /// Those who have waited too long, and when to look again; nil stops the timer.
  mutating func expire(now: ContinuousClock.Instant) -> (late: [Waiter], lookAgain: ContinuousClock.Instant?) {
    var late: [Waiter] = []
    while let head = queue.first {
      guard head.expiry <= now else { return (late, head.expiry) }
      if let waiter = popFirst() { late.append(waiter) }
    }
    hasTimer = false
    return (late, nil)
  }

  /// No more grants. Returns who must be told, and what to close.
  mutating func close() -> (waiters: [Waiter], idle: [Connection]) {
    isClosed = true
    var waiters: [Waiter] = []
    while let waiter = popFirst() { waiters.append(waiter) }
    defer { idle = [] }
    open -= idle.count
    return (waiters, idle)
  }

  private mutating func popFirst() -> Waiter? { queue.popFirst()?.waiter }
}
