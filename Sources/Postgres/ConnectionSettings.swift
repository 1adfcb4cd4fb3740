/// Where the database is and how long to wait for it.
public struct ConnectionSettings: Sendable {
  /// A libpq URI or keyword string; TLS settings (`sslmode`, `sslrootcert`, …) included.
  public var conninfo: String
  /// The role to act as from the first statement on; nil keeps the login's own.
  public var role: String?
  /// What the server's logs and `pg_stat_activity` show.
  public var applicationName: String
  /// After this long without a connection, connecting fails.
  public var connectDeadline: Duration
  /// After this long a statement is cancelled, unless its call says otherwise.
  public var statementDeadline: Duration

  /// Settings for connections to one database.
  public init(
    _ conninfo: String, role: String? = nil, applicationName: String = "recount",
    connectDeadline: Duration = .seconds(10), statementDeadline: Duration = .seconds(30)
  ) {
    self.conninfo = conninfo
    self.role = role
    self.applicationName = applicationName
    self.connectDeadline = connectDeadline
    self.statementDeadline = statementDeadline
  }

  /// As libpq takes them; the later of two equal keywords wins, so that ours come after `conninfo`.
  var parameters: [(String, String)] {
    var parameters = [
      ("dbname", conninfo), ("fallback_application_name", applicationName), ("client_encoding", "UTF8"),
    ]
    // Times come and go in UTC, whatever the server's own zone; extra_float_digits and DateStyle are PostgreSQL's defaults.
    var options = "-c TimeZone=UTC -c DateStyle=ISO"
    if let role { options += " -c role=\(role)" }
    parameters.append(("options", options))
    return parameters
  }
}
