import Foundation

/// A program to run, as the user that PostgreSQL may run as.
///
/// Not Foundation's Process: that notices a program's end by a socket which the program's children inherit, so that `pg_ctl
/// start` would seem to run as long as the server it has started.
struct Command {
  var arguments: [String]

  /// Why a program failed.
  struct Failure: Error, CustomStringConvertible {
    let arguments: [String]
    let status: Int32
    let output: String
    var description: String { "`\(arguments.joined(separator: " "))` ended with status \(status): \(output)" }
  }

  /// PostgreSQL refuses to run as root.
  static func asServerUser(_ arguments: [String]) -> Command {
    Command(arguments: geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] + arguments : arguments)
  }

  /// Runs it to its end, its output going to a file, since a server that it starts would keep a pipe open for ever.
  func run(log: URL) async throws {
    let status: Int32 = try await withCheckedThrowingContinuation { continuation in
      // waitpid() blocks, so on a thread of its own.
      Thread.detachNewThread { continuation.resume(with: Swift.Result { try spawnAndWait(log: log) }) }
    }
    guard status == 0 else {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      throw Failure(arguments: arguments, status: status, output: String(text.suffix(2_000)))
    }
  }

  /// The exit status, or 128 and the signal.
  private func spawnAndWait(log: URL) throws -> Int32 {
    let words = arguments.map { strdup($0) }
    defer { words.forEach { free($0) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var pid: pid_t = 0
    let failure = posix_spawnp(&pid, arguments[0], &actions, nil, words + [nil], environ)
    guard failure == 0 else {
      throw Failure(arguments: arguments, status: failure, output: String(cString: strerror(failure)))
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
