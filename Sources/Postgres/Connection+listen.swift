import CLibPQ
import Foundation

/// A NOTIFY that arrived.
public struct Notification: Sendable, Equatable {
  /// The channel.
  public let channel: String
  /// What was sent with it.
  public let payload: String
}

extension Connection {
  /// Listens to a channel; the connection is then for this alone. The stream ends when the connection is lost, the consumer stops
  /// or the task that iterates it is cancelled.
  public func listen(to channel: String) async throws -> AsyncStream<Notification> {
    let quoted = channel.replacingOccurrences(of: "\"", with: "\"\"")
    try await query(Query("LISTEN \"\(quoted)\"" as String))
    let (stream, continuation) = AsyncStream<Notification>.makeStream(bufferingPolicy: .bufferingNewest(1_000))
    let pump = Task { self.pump(into: continuation) }
    let interrupt = interrupt
    continuation.onTermination = { _ in
      pump.cancel()
      interrupt.fire()
    }
    return stream
  }

  private func pump(into continuation: AsyncStream<Notification>.Continuation) {
    defer {
      drop()
      continuation.finish()
    }
    while !Task.isCancelled, isOpen {
      while let notification = PQnotifies(handle) {
        continuation.yield(
          Notification(
            channel: String(cString: notification.pointee.relname), payload: String(cString: notification.pointee.extra)))
        PQfreemem(notification)
      }
      guard case .interrupted = wait(for: Int32(POLLIN), Deadline(in: .seconds(3_600))) else {
        if PQconsumeInput(handle) == 0 { return }
        continue
      }
      return
    }
  }
}
