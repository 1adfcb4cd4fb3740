import Foundation

/// A Redis in a temporary folder, reachable only through a socket there.
package actor PrivateRedis {
  private let folder: URL
  private let settings: [String]
  private let watchdog: Watchdog
  private var process: Process?

  /// What the server listens on.
  package nonisolated let socket: String
  /// The same, as a setting says it.
  package nonisolated var url: String { "unix://\(socket)" }

  /// Runs a test on a fresh one, with settings such as `["--maxmemory", "1mb"]`.
  package static func with(_ settings: [String] = [], _ body: @Sendable (PrivateRedis) async throws -> Void)
    async throws
  {
    let redis = try PrivateRedis(settings)
    do {
      try await redis.start()
      try await body(redis)
    } catch {
      await redis.stop()
      redis.watchdog.release()
      throw error
    }
    await redis.stop()
    redis.watchdog.release()
  }

  private init(_ settings: [String]) throws {
    var template = Array("/tmp/recount-redis-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    folder = URL(filePath: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    socket = folder.appending(path: "redis.sock").path
    self.settings = settings
    watchdog = try Watchdog(
      script: """
        [ -f "$1/redis.pid" ] && kill -CONT "$(cat "$1/redis.pid")" && kill -KILL "$(cat "$1/redis.pid")"
        rm -rf "$1"
        """, [folder.path])
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "redis-server"), withDestinationURL: try Self.findProgram())
  }

  /// Starts it, and returns when it listens.
  package func start() async throws {
    let process = Process()
    process.executableURL = folder.appending(path: "redis-server")
    process.arguments =
      [
        "--port", "0", "--unixsocket", socket, "--dir", folder.path, "--pidfile",
        folder.appending(path: "redis.pid").path, "--save", "", "--appendonly", "no", "--daemonize", "no",
      ] + settings
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = process
    let end = ContinuousClock.now + .seconds(120)
    while !FileManager.default.fileExists(atPath: socket) {
      guard process.isRunning, ContinuousClock.now < end else { throw CocoaError(.executableLoad) }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// SIGKILL: it is gone, with all it knew.
  package func stop() async {
    guard let process, process.isRunning else { return }
    kill(process.processIdentifier, SIGCONT)
    kill(process.processIdentifier, SIGKILL)
    while process.isRunning { try? await Task.sleep(for: .milliseconds(2)) }
    try? FileManager.default.removeItem(atPath: socket)
  }

  /// What redis-cli prints of a command's answer.
  package func ask(_ command: String...) async throws -> String {
    let output = folder.appending(path: "answer-\(UUID().uuidString)")
    try await Command(arguments: ["redis-cli", "-s", socket] + command).run(log: output)
    return try String(contentsOf: output, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// SIGSTOP: it still takes connections, and answers nothing.
  package func freeze() { if let process { kill(process.processIdentifier, SIGSTOP) } }

  /// SIGCONT.
  package func thaw() { if let process { kill(process.processIdentifier, SIGCONT) } }

  /// Debian's redis-tools has the whole server: it and redis-check-rdb are one program that goes by the name it is called by. So
  /// the package redis-server, which starts a service when it is installed, isn't needed.
  private static func findProgram() throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map {
      URL(filePath: String($0))
    }
    let candidates = ["redis-server", "redis-check-rdb"].flatMap { name in folders.map { $0.appending(path: name) } }
    let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    guard let found else { throw MissingRedis() }
    return found
  }
}

/// Redis is not installed.
struct MissingRedis: Error, CustomStringConvertible {
  var description: String { "neither redis-server nor redis-check-rdb in PATH: install redis-tools" }
}
