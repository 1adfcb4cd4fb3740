import Foundation
import Logging
import Postgres
import TestDatabase

/// The login of its own that each kind of process has, as the README tells an operator to make them.
struct Logins: Sendable {
  private let owner: DatabaseURL
  private let prefix = "recount_\(UUID().uuidString.prefix(8).lowercased())"
  private let password = UUID().uuidString

  static let roles = ["server", "projector", "auditor", "archiver"]

  init(of database: DatabaseURL) { owner = database }

  /// What tells the processes of them.
  var environment: [String: String] {
    Self.roles.reduce(into: [:]) { $0["DATABASE_URL_\($1.uppercased())"] = url(of: $1)?.string }
  }

  /// Of a database that is named by a URL, as the tests' are.
  func url(of role: String) -> DatabaseURL? {
    guard var parts = URLComponents(string: owner.string) else { return nil }
    let kept = (parts.queryItems ?? []).filter { $0.name != "user" && $0.name != "password" }
    parts.queryItems = kept + [.init(name: "user", value: login(role)), .init(name: "password", value: password)]
    return parts.string.map(DatabaseURL.init)
  }

  /// Once the migration has made the roles.
  func make() async throws {
    try await asOwner { role in
      """
      CREATE ROLE "\(login(role))" LOGIN PASSWORD '\(password)'
      IN ROLE recount_\(role)
      """
    }
  }

  /// Roles belong to the cluster, which outlives the database.
  func drop() async {
    try? await asOwner { "DROP ROLE IF EXISTS \"\(login($0))\"" }
  }

  private func login(_ role: String) -> String { "\(prefix)_\(role)" }

  private func asOwner(_ statement: (String) -> String) async throws {
    let connection = try await Connection.connect(owner.settings, logger: Logger(label: "owner"))
    for role in Self.roles { try await connection.query(Query(statement(role))) }
    await connection.close()
  }
}
