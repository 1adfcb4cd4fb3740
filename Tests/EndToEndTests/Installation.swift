import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

/// Recount as an operator has it: a database, a server process, a projector process.
actor Installation {
  let cluster: Cluster
  let folder: URL
  let port: Int
  nonisolated let database: DatabaseURL
  private let program: Program
  private let logins: Logins
  private var server: Process?
  private var secondServer: Process?
  private var projector: Process?

  /// The real log of ../shared/data; nil where the checkout stands alone.
  static let realLog: URL? = {
    let candidates = [
      ProcessInfo.processInfo.environment["RECOUNT_SHARED"].map { URL(filePath: $0) },
      root.deletingLastPathComponent().appending(path: "shared"),
    ]
    return candidates.compactMap { $0?.appending(path: "data/openstack-nova-api.log") }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let projections = root.appending(path: "Projections")

  /// The id of the server's process.
  var serverID: Int32? { server?.processIdentifier }

  private init(cluster: Cluster, environment: [String: String]) async throws {
    self.cluster = cluster
    folder = FileManager.default.temporaryDirectory.appending(path: "recount-e2e-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    port = try Self.freePort()
    database = try await cluster.makeDatabase()
    logins = Logins(of: database)
    let own = [
      "DATABASE_URL": database.string, "RECOUNT_DATA": folder.path, "RECOUNT_HOME": Self.root.path,
      "LOG_LEVEL": "error",
      // Tests don't wait a minute for what was not accepted.
      "RECOUNT_TALLY_SECONDS": "1",
    ]
    program = Program(environment: own.merging(logins.environment) { $1 }.merging(environment) { $1 })
  }

  /// Each has some forty connections, and its processes share two cores: more at a time would only run into one another's limits.
  private static let gate = Gate(4)

  /// Runs a test on a fresh installation that serves, and stops all of it.
  static func with(
    _ cluster: Cluster, environment: [String: String] = [:],
    _ body: @Sendable (Installation) async throws -> Void
  ) async throws {
    await gate.enter()
    do { try await run(on: cluster, environment, body) } catch {
      await gate.leave()
      throw error
    }
    await gate.leave()
  }

  private static func run(
    on cluster: Cluster, _ environment: [String: String], _ body: @Sendable (Installation) async throws -> Void
  ) async throws {
    let installation = try await Installation(cluster: cluster, environment: environment)
    do {
      let migration = try await installation.run("migrate")
      #expect(migration.status == 0)
      try await installation.logins.make()
      try await installation.startServer()
      try await installation.startProjector()
      try await installation.waitForReadModels()
      try await body(installation)
      try await installation.leaveEvents()
    } catch {
      installation.showOutputs()
      await installation.stop()
      throw error
    }
    await installation.stop()
  }

  /// What its processes said last: of one that has gone, that alone tells why.
  private nonisolated func showOutputs() {
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    for file in files where file.pathExtension == "txt" {
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      if !text.isEmpty { print("\(file.lastPathComponent) ends: \(text.suffix(2_000))") }
    }
  }

  func run(_ arguments: String...) async throws -> Program.Result { try await run(arguments) }
  func run(_ arguments: [String], withErrors: Bool = false) async throws -> Program.Result {
    try await program.run(arguments, withErrors: withErrors)
  }

  /// Runs a verb that is told more than the processes are.
  func run(_ arguments: [String], with more: [String: String]) async throws -> Program.Result {
    try await Program(environment: program.environment.merging(more) { $1 }).run(arguments, withErrors: true)
  }

  /// Lets an account's keys call as fast as a test can.
  func liftThrottle(of account: String) async throws {
    let result = try await run(
      "account", "grant", "--account", account, "--requests-per-second", "1000000", "--bytes-per-second", "1000000000",
      "--reason", "a test of something else")
    #expect(result.status == 0)
  }

  /// Runs a script of tools/bench.d on this installation.
  func measure(_ script: String, _ arguments: [String]) async throws -> Program.Result {
    try await program.measure(
      script,
      ["--database", database.string, "--url", "http://127.0.0.1:\(port)", "--format", "openstack", "--json"]
        + arguments)
  }

  /// Starts a verb and leaves it running.
  func start(_ arguments: String...) throws -> Process {
    try program.start(arguments, output: folder.appending(path: "\(arguments[0])-\(UUID().uuidString).txt"))
  }

  func startServer() async throws {
    server = try program.start(["serve", "--port", "\(port)"], output: folder.appending(path: "server.txt"))
    let port = port
    try await eventually("the server answers /healthz") {
      (try? await HTTP.get(port: port, path: "/healthz", key: "")) != nil
    }
  }

  /// A server on a port of its own, over the same database.
  func startSecondServer() async throws -> Int { try await startSecondServer(limits: nil).port }

  /// The same, under the shell's `ulimit`, such as `-n 256`.
  func startSecondServer(limits: String?) async throws -> (port: Int, process: Int32) {
    let port = try Self.freePort()
    let process = try program.start(
      ["serve", "--port", "\(port)"], output: folder.appending(path: "second.txt"), limits: limits)
    secondServer = process
    try await eventually("the second server answers /healthz") {
      (try? await HTTP.get(port: port, path: "/healthz", key: "")) != nil
    }
    return (port, process.processIdentifier)
  }

  func startProjector() throws {
    projector = try program.start(["projector"], output: folder.appending(path: "projector.txt"))
  }

  /// A server that is ahead of a first projector answers 503 to what read models are asked.
  private func waitForReadModels() async throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.projections.path).filter { $0 != "README.md" }
    let owner = Pool(database.settings, size: 1, logger: Logger(label: "owner"))
    try await eventually("the projector has made its tables") {
      let made = try await owner.query("SELECT FROM pg_namespace WHERE nspname = ANY(\(names))")
      return made.count == names.count
    }
    await owner.close()
  }

  /// SIGTERM, as an operator's system does; returns when the server has ended.
  func endServer() async { await Self.end(server, by: SIGTERM) }

  /// SIGKILL, as the kernel does when memory runs out.
  func kill9Server() async { await Self.kill9(server) }
  func kill9SecondServer() async { await Self.kill9(secondServer) }
  func kill9Projector() async { await Self.kill9(projector) }

  /// Asks the API.
  func get<T: Decodable & Sendable>(_ path: String, key: String, as _: T.Type = T.self) async throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(T.self, from: try await HTTP.get(port: port, path: path, key: key))
  }

  /// A session as a process of this kind has it.
  func connect(as role: String) async throws -> Connection {
    try await Connection.connect(try #require(logins.url(of: role)).settings, logger: Logger(label: role))
  }

  /// What only someone with every right on the database can do.
  func asOwner(_ statement: String) async throws {
    let owner = Pool(database.settings, size: 1, logger: Logger(label: "owner"))
    try await owner.query(Query(statement))
    await owner.close()
  }

  /// A session of the same kind, to hold something for a while.
  func connectAsOwner() async throws -> Connection {
    try await Connection.connect(database.settings, logger: Logger(label: "owner"))
  }

  private func leaveEvents() async throws {
    let owner = Pool(database.settings, size: 1, logger: Logger(label: "owner"))
    try await TestLog.leaveEvents(of: owner)
    await owner.close()
  }

  private func stop() async {
    for process in [server, secondServer, projector] { await Self.kill9(process) }
    await logins.drop()
    try? FileManager.default.removeItem(at: folder)
  }

  private static func kill9(_ process: Process?) async { await end(process, by: SIGKILL) }

  private static func end(_ process: Process?, by signal: Int32) async {
    guard let process, process.isRunning else { return }
    kill(process.processIdentifier, signal)
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        process.waitUntilExit()
        continuation.resume()
      }
    }
  }

  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    try #require(bound)
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

/// Waits for something that another process brings about, which sends no signal: looks often, gives up after two.
func eventually(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(120)
  while ContinuousClock.now < end {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  Issue.record("did not come true within two minutes: \(what)")
}
