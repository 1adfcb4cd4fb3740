import Synchronization

/// An error, from another task.
final class ErrorBox: Sendable {
  private let kept = Mutex<(any Error)?>(nil)
  var error: (any Error)? { kept.withLock { $0 } }
  func keep(_ error: any Error) { kept.withLock { $0 = error } }
}

/// Opened once, by whoever gets there.
final class Gate: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }
  func open() { continuation.finish() }
  func wait() async { for await _ in stream {} }
}
