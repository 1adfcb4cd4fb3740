import Logging
import Postgres
import TestDatabase

/// What every test here needs.
enum Fixture {
  static let logger = Logger(label: "postgres tests") { _ in SwiftLogNoOpLogHandler() }

  static func settings() async throws -> ConnectionSettings { try await Cluster.shared().url.settings }

  static func connect() async throws -> Connection {
    try await Connection.connect(try await settings(), logger: logger)
  }

  static func pool(size: Int, acquireDeadline: Duration = .seconds(10)) async throws -> Pool {
    Pool(try await settings(), size: size, logger: logger, acquireDeadline: acquireDeadline)
  }

  /// A table that only this test knows.
  static func name(_ prefix: String) -> String { "\(prefix)_\(UInt64.random(in: 0 ... .max))" }
}

extension PostgresError {
  /// The error that `body` throws, if it is one of ours.
  static func from(_ body: () async throws -> Void) async -> PostgresError? {
    do {
      try await body()
      return nil
    } catch { return error as? PostgresError }
  }
}
