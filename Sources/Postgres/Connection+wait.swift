import CLibPQ
import Foundation
import Logging

/// Waiting on libpq's socket, the only place where the connection's thread blocks.
extension Connection {
  enum Wake {
    case ready
    case interrupted
    case deadline
  }

  /// Blocks until the socket is ready, the task is cancelled or the deadline passes.
  func wait(for events: Int32, _ deadline: Deadline) -> Wake {
    var descriptors = [
      pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0),
      pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let count = poll(&descriptors, 2, deadline.milliseconds)
      if descriptors[1].revents != 0, interrupt.consume(), Task.isCancelled { return .interrupted }
      if count > 0, descriptors[0].revents != 0 { return .ready }
      if deadline.hasPassed { return .deadline }
    }
  }

  /// Drives a connection that has been started until it stands.
  func establish(_ deadline: Deadline) throws {
    guard handle != nil else { throw PostgresError(.couldNotConnect, "no memory for a connection") }
    var state = PGRES_POLLING_WRITING
    while state != PGRES_POLLING_OK {
      guard state != PGRES_POLLING_FAILED, PQstatus(handle) != CONNECTION_BAD else {
        throw PostgresError(.couldNotConnect, message)
      }
      switch wait(for: state == PGRES_POLLING_READING ? POLLIN : Int32(POLLOUT), deadline) {
      case .ready: state = PQconnectPoll(handle)
      case .interrupted: throw PostgresError(.cancelled, "the task was cancelled while connecting")
      case .deadline:
        throw PostgresError(
          .deadline, "no connection within \(deadline.duration): is the address right, and the server running?")
      }
    }
    PQsetnonblocking(handle, 1)
  }

  /// A connection that died while it was idle is found out before anything is sent over it, when a new one is still safe.
  func checkIdle() throws {
    guard isOpen else { throw PostgresError(.connectionLost, "the connection is closed") }
    var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 0) > 0 else { return }
    guard PQconsumeInput(handle) == 1, descriptor.revents & Int16(POLLHUP | POLLERR) == 0, isOpen else {
      drop()
      throw PostgresError(.connectionLost, "the server closed the connection while it was idle")
    }
  }

  /// Sends what libpq has buffered.
  func flush(_ deadline: Deadline) throws {
    while true {
      switch PQflush(handle) {
      case 0: return
      case 1:
        // Large statements fill the socket both ways: reading as well keeps the server from blocking on us.
        if case .ready = wait(for: Int32(POLLIN) | Int32(POLLOUT), deadline) {
          if PQconsumeInput(handle) == 0 { throw lost() }
        } else {
          // Half a statement is out: the connection can't be used for anything else.
          drop()
          throw PostgresError(.deadline, "the statement could not be sent within \(deadline.duration)")
        }
      default: throw lost()
      }
    }
  }

  /// The next result of the statement under way, nil after the last. Cancels the statement at its deadline or when the task is
  /// cancelled, and waits for the server to say so.
  func nextResult(_ deadline: Deadline, _ cancellation: inout PostgresError?) throws -> OpaquePointer? {
    var deadline = deadline
    while PQisBusy(handle) == 1 {
      switch wait(for: Int32(POLLIN), deadline) {
      case .ready: if PQconsumeInput(handle) == 0 { throw lost() }
      case .interrupted where cancellation != nil, .deadline where cancellation != nil:
        drop()
        throw PostgresError(
          .deadline, "the server did not confirm the cancellation within 5 seconds", mayHaveCommitted: true)
      case .interrupted:
        cancellation = PostgresError(.cancelled, "the task was cancelled")
        cancelStatement()
        deadline = Deadline(in: .seconds(5))
      case .deadline:
        cancellation = PostgresError(.deadline, "the statement took longer than \(deadline.duration)")
        cancelStatement()
        deadline = Deadline(in: .seconds(5))
      }
    }
    return PQgetResult(handle)
  }

  private func cancelStatement() {
    guard let cancel = PQgetCancel(handle) else { return }
    defer { PQfreeCancel(cancel) }
    var reason = [CChar](repeating: 0, count: 256)
    if PQcancel(cancel, &reason, Int32(reason.count)) == 0 {
      logger.warning("a statement could not be cancelled", metadata: ["reason": "\(String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))"])
    }
  }

  /// Gives the connection up.
  func drop() {
    if let handle { PQfinish(handle) }
    handle = nil
  }

  func lost() -> PostgresError {
    let error = PostgresError(.connectionLost, message, mayHaveCommitted: true)
    drop()
    return error
  }

  var message: String {
    guard let text = PQerrorMessage(handle) else { return "unknown reason" }
    return String(cString: text).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
