import CLibPQ

/// Asks the server to stop what a connection is doing, on a thread of its own: libpq 15 opens a second connection for that and
/// has no deadline for it.
struct Canceller {
  private let done: Wakeup

  /// Starts asking. Nil when the system gives no thread or pipe for it.
  init?(_ connection: OpaquePointer) {
    guard let handle = PQgetCancel(connection), let done = try? Wakeup() else { return nil }
    self.done = done
    let request = Request(handle: handle)
    guard
      startThread({
        request.send()
        done.signal()
      })
    else { return nil }
  }

  /// False when the server has not acknowledged by then.
  func wait(until deadline: Wire.Deadline) -> Bool { done.wait(until: deadline) }

  /// Unchecked: a PGcancel is a copy of the server's address and key, used by one thread only.
  private final class Request: @unchecked Sendable {
    private let handle: OpaquePointer
    init(handle: OpaquePointer) { self.handle = handle }
    deinit { PQfreeCancel(handle) }

    /// A failure needs no report: then the statement goes on, and the caller gives the connection up.
    func send() {
      var complaint = [CChar](repeating: 0, count: 256)
      PQcancel(handle, &complaint, Int32(complaint.count))
    }
  }
}
