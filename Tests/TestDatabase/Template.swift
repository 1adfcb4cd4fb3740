import Domain
import EventLog
import Logging
package import Postgres

/// What a test's database is copied from.
package struct Template: Sendable {
  let name: String
  let install: @Sendable (Connection) async throws -> Void

  init(name: String, install: @escaping @Sendable (Connection) async throws -> Void) {
    self.name = name
    self.install = install
  }

  /// The log, and what else a target keeps beside it.
  package init(name: String, beside: @escaping @Sendable () throws -> [Schema]) {
    self.init(name: name) { connection in
      try await Migration(shards: TestLog.shards, today: .now, beside: beside())
        .run(on: connection, logger: Logger(label: "template"))
    }
  }

  /// The log alone.
  package static let log = Template(name: "log", beside: { [] })
}
