import Foundation

/// A PostgreSQL in a temporary folder, reachable only through a socket there.
struct Server: Sendable {
  /// Short, because a socket's path may have 107 bytes.
  let folder: URL
  private let programs: URL
  private let watchdog: Watchdog

  /// Creates and starts one.
  init(settings: [String: String]) async throws {
    var template = Array("/tmp/recount-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    folder = URL(filePath: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    programs = try Self.findPrograms()
    // Before anything is started: whatever happens from here on is cleaned up. Several times,
    // because an initdb or a start may be under way. SIGQUIT is immediate shutdown.
    watchdog = try Watchdog(
      script: """
        for try in 1 2 3 4 5; do
          [ -f "$1/data/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
          rm -rf "$1"
          sleep 1
        done
        """, [folder.path])
    if geteuid() == 0 {
      try await Command(arguments: ["chown", "postgres", folder.path]).run(log: folder.appending(path: "chown.log"))
    }
    try await run("initdb", ["-D", data.path, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N"])
    try await append(settings)
    try await start()
  }

  var data: URL { folder.appending(path: "data") }
  var url: DatabaseURL { DatabaseURL("postgresql:///postgres?host=\(folder.path)&user=postgres") }

  func start() async throws {
    try await run("pg_ctl", ["-D", data.path, "-l", folder.path + "/server.log", "-w", "start"])
  }
  func stop() async throws { try await run("pg_ctl", ["-D", data.path, "-m", "fast", "-w", "stop"]) }

  /// Stops it for good and removes its folder.
  func discard() { watchdog.release() }

  /// Kills the postmaster and all its children at once, as a power failure would. Returns when they are gone.
  func kill9() async throws {
    let file = data.appending(path: "postmaster.pid")
    guard let pid = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").first.flatMap({ Int32($0) })
    else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let children = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
    let all = [pid] + children.split(separator: " ").compactMap { Int32($0) }
    for pid in all { kill(pid, SIGKILL) }
    while all.contains(where: Self.isRunning) { try await Task.sleep(for: .milliseconds(5)) }
    // Its pid may live on as a zombie, which a new postmaster would take for a living one.
    try FileManager.default.removeItem(at: file)
    try FileManager.default.removeItem(at: folder.appending(path: ".s.PGSQL.5432.lock"))
  }

  private static func isRunning(_ pid: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return !stat.contains(") Z ")
  }

  private func run(_ program: String, _ arguments: [String]) async throws {
    try await Command.asServerUser([programs.appending(path: program).path] + arguments)
      .run(log: folder.appending(path: "\(program).log"))
  }

  private func append(_ settings: [String: String]) async throws {
    var all = [
      "listen_addresses": "", "unix_socket_directories": folder.path, "port": "5432", "max_connections": "600",
      "jit": "off",
    ]
    all.merge(settings) { $1 }
    let text = all.map { "\($0) = '\($1)'" }.sorted().joined(separator: "\n") + "\n"
    let file = try FileHandle(forWritingTo: data.appending(path: "postgresql.conf"))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  /// Debian keeps each version's programs apart; elsewhere they are in PATH.
  private static func findPrograms() throws -> URL {
    let root = URL(filePath: "/usr/lib/postgresql")
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map {
      URL(filePath: String($0))
    }
    let candidates =
      versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { root.appending(path: "\($0)/bin") } + paths
    let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0.appending(path: "initdb").path) }
    guard let found else { throw MissingServer() }
    return found
  }
}

/// PostgreSQL's programs are not installed.
struct MissingServer: Error, CustomStringConvertible {
  var description: String {
    "no initdb in /usr/lib/postgresql/*/bin or PATH: install postgresql, or set RECOUNT_TEST_DATABASE_URL"
  }
}
