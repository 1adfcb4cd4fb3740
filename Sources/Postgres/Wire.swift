import CLibPQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One libpq connection, never blocking in libpq itself: every wait is a poll with a deadline that a `Wakeup` can interrupt.
/// Belongs to one thread.
final class Wire {
  /// The PGconn.
  let connection: OpaquePointer
  let wakeup: Wakeup
  /// Set when it can't be known any more what the server is doing.
  var isBroken = false

  /// Takes over a connection that libpq has begun to open.
  init(connection: OpaquePointer, wakeup: Wakeup) {
    self.connection = connection
    self.wakeup = wakeup
  }

  deinit { PQfinish(connection) }

  /// When to stop waiting.
  typealias Deadline = ContinuousClock.Instant

  enum Event {
    case ready, interrupted, timedOut
  }

  /// Waits until the socket can do one of `events` (POLLIN, POLLOUT).
  func wait(for events: Int32, until deadline: Deadline?) -> Event {
    var watched = [
      pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0),
      pollfd(fd: wakeup.readEnd, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let answer = poll(&watched, 2, milliseconds(until: deadline))
      if answer < 0, errno == EINTR { continue }
      if answer == 0 {
        if milliseconds(until: deadline) == 0 { return .timedOut }
        continue
      }
      guard answer > 0, watched[1].revents != 0 else { return .ready }
      wakeup.drain()
      return .interrupted
    }
  }

  /// False when the server has hung up, or said anything at all but notices, on a connection that nobody was using.
  var isAlive: Bool {
    var watched = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, 0) != 0 else { return PQstatus(connection) == CONNECTION_OK }
    // The first read may yield the server's farewell, the second the end of the stream.
    return PQconsumeInput(connection) == 1 && PQconsumeInput(connection) == 1 && PQstatus(connection) == CONNECTION_OK
  }

  /// Whether a transaction is open, and failed.
  var transactionStatus: PGTransactionStatusType { PQtransactionStatus(connection) }

  /// What libpq last complained of, in one line.
  var complaint: String {
    let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
    let lines = text.split(whereSeparator: \.isNewline)
    return lines.isEmpty ? "no reason given" : lines.joined(separator: " ")
  }
}
