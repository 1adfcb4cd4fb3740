import CLibPQ
import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a NOTIFY said.
package struct Notification: Sendable, Hashable {
  /// The channel.
  package var channel: String
  /// The payload, empty when there is none.
  package var payload: String
  /// The server process that sent it.
  package var sender: Int32
}

extension Connection {
  /// Listens on a channel. The stream finishes when the connection is closed or lost; ending the stream stops listening.
  ///
  /// Give this a connection of its own: notifications arrive at once while no statement runs on it. Up to 10,000 wait to be
  /// read, then the oldest are dropped.
  package func listen(to channel: String) async throws -> AsyncStream<Notification> {
    try await query("LISTEN \(identifier: channel)")
    let (stream, continuation) = AsyncStream.makeStream(
      of: Notification.self, bufferingPolicy: .bufferingNewest(10_000))
    let listener = Listener(channel: channel, continuation: continuation)
    listeners.append(listener)
    let wakeup = thread.wakeup
    continuation.onTermination = { _ in
      listener.end()
      wakeup.signal()
    }
    if listeners.count == 1 { Task { await pump() } }
    return stream
  }

  /// Waits for notifications as long as anyone listens; other calls interrupt the wait and have their turn.
  private func pump() async {
    while !listeners.isEmpty {
      dropEndedListeners()
      guard let wire, deliver(from: wire) else { return close() }
      thread.park { _ = wire.wait(for: POLLIN, until: nil) }
      await Task.yield()
    }
  }

  /// False when the connection is lost.
  private func deliver(from wire: Wire) -> Bool {
    guard PQconsumeInput(wire.connection) == 1, PQstatus(wire.connection) == CONNECTION_OK else { return false }
    while let pointer = PQnotifies(wire.connection) {
      let notification = Notification(pointer.pointee)
      PQfreemem(pointer)
      for listener in listeners where listener.channel == notification.channel { listener.hear(notification) }
    }
    return true
  }

  private func dropEndedListeners() {
    for listener in listeners where listener.hasEnded {
      listeners.removeAll { $0 === listener }
      guard !listeners.contains(where: { $0.channel == listener.channel }), wire != nil else { continue }
      do { _ = try perform("UNLISTEN \(identifier: listener.channel)", patience()) } catch {
        logger.debug("could not stop listening", metadata: ["channel": "\(listener.channel)", "error": "\(error)"])
      }
    }
  }
}

extension Notification {
  fileprivate init(_ notify: PGnotify) {
    channel = notify.relname.map { String(cString: $0) } ?? ""
    payload = notify.extra.map { String(cString: $0) } ?? ""
    sender = notify.be_pid
  }
}

/// One stream of notifications.
final class Listener: Sendable {
  let channel: String
  private let continuation: AsyncStream<Notification>.Continuation
  private let ended = Atomic(false)

  init(channel: String, continuation: AsyncStream<Notification>.Continuation) {
    self.channel = channel
    self.continuation = continuation
  }

  var hasEnded: Bool { ended.load(ordering: .acquiring) }
  func end() { ended.store(true, ordering: .releasing) }
  func hear(_ notification: Notification) { continuation.yield(notification) }
  func finish() { continuation.finish() }
}
