#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Interrupts a thread that waits on a socket: a pipe whose reading end is polled beside it.
final class Wakeup: Sendable {
  let readEnd: Int32
  private let writeEnd: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw PostgresError(
        .couldNotConnect, "no pipe for a new connection (errno \(errno)): raise the limit of open files")
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Wakes the thread now or when it next waits. A full pipe needs no further byte.
  func signal() {
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Waits for a signal. False when none came by the deadline.
  func wait(until deadline: ContinuousClock.Instant) -> Bool {
    var watched = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    while true {
      let left = milliseconds(until: deadline)
      if poll(&watched, 1, left) > 0 { return true }
      if left == 0 { return false }
    }
  }

  /// Forgets what was signalled.
  func drain() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(readEnd, &bytes, bytes.count) > 0 {}
  }
}

/// What poll() takes: rounded up, so that a deadline that has not passed never reads 0; at most a day at a time; -1 for none.
func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
  guard let deadline else { return -1 }
  let left = ContinuousClock.now.duration(to: deadline)
  guard left > .zero else { return 0 }
  guard left < .seconds(86_400) else { return 86_400_000 }
  let (seconds, attoseconds) = left.components
  return Int32(seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}
