import Logging
import Postgres

extension Compose {
  /// Warns the operator of a process that serves for months under a login that may become the log's owner again: a fault in it
  /// could then do what the database is to refuse (promise 1).
  func warnOfOwner(_ pool: Pool, as role: Role) async throws {
    let row = try await pool.query(
      """
      SELECT session_user::text AS login, pg_has_role(session_user, n.nspowner, 'MEMBER') AS is_owner
      FROM pg_namespace AS n WHERE n.nspname = 'log'
      """
    ).first
    guard let row, try row.decode("is_owner", as: Bool.self) else { return }
    let login = try row.decode("login", as: String.self)
    logger.warning(
      "this process logs in as the log's owner: give it a login of its own that is a member of \(role.rawValue) alone",
      metadata: ["login": "\(login)", "setting": "DATABASE_URL_\(role.word.uppercased())"])
  }
}
