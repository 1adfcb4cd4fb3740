import Foundation

/// Cleans up when this process is gone, however it went.
///
/// A shell reads from a pipe that only this process can write to; at our death, kill -9 included, the read ends.
final class Watchdog: Sendable {
  private let lifeline: FileHandle

  /// Runs `script` in sh with these arguments as `$1`, … once this process has ended.
  init(script: String, _ arguments: [String]) throws {
    let pipe = Pipe()
    lifeline = pipe.fileHandleForWriting
    // No child of ours may hold the pipe open after us.
    _ = fcntl(lifeline.fileDescriptor, F_SETFD, FD_CLOEXEC)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    // Ctrl-C reaches the whole process group; the watchdog outlives it.
    process.arguments = ["-c", "trap '' INT TERM HUP; cat >/dev/null; " + script, "watchdog"] + arguments
    process.currentDirectoryURL = URL(filePath: "/tmp")
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForReading.close()
  }

  /// Cleans up now.
  func release() { try? lifeline.close() }
}
