import Foundation

/// Wakes a thread that waits in poll(): a pipe to itself.
final class Interrupt: Sendable {
  /// Readable once it has fired.
  let descriptor: Int32
  private let input: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    (descriptor, input) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit {
    close(descriptor)
    close(input)
  }

  func fire() {
    var byte: UInt8 = 1
    // Fails only when the pipe is full of firings, which is as good.
    _ = write(input, &byte, 1)
  }

  /// Whether it has fired since the last call.
  func consume() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 64)
    return read(descriptor, &bytes, bytes.count) > 0
  }
}
