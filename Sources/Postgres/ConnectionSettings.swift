/// Where the server is, who we are, and how long to wait.
package struct ConnectionSettings: Sendable {
  /// A URL or keyword string as libpq takes it (PostgreSQL manual, "Connection Strings"), TLS settings included.
  package var conninfo: String
  /// The role to become after logging in; nil stays who logged in.
  package var role: String?
  /// The name shown in `pg_stat_activity`, unless `conninfo` brings its own.
  package var applicationName: String
  /// How long connecting may take, name resolution and log-in included.
  package var connectDeadline: Duration
  /// How long a statement may take when its call doesn't say.
  package var statementDeadline: Duration
  /// Further libpq parameters, such as `options`. They win over those in `conninfo`.
  package var parameters: [String: String] = [:]

  /// Settings for connections to one database.
  package init(
    _ conninfo: String, role: String? = nil, applicationName: String = "recount",
    connectDeadline: Duration = .seconds(10), statementDeadline: Duration = .seconds(30)
  ) {
    self.conninfo = conninfo
    self.role = role
    self.applicationName = applicationName
    self.connectDeadline = connectDeadline
    self.statementDeadline = statementDeadline
  }

  /// In the order that libpq reads them: later ones win.
  var keywords: [(name: String, value: String)] {
    // Without these a peer that vanished without a word is noticed after two hours.
    let defaults = [("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3")]
    return defaults + [("fallback_application_name", applicationName), ("dbname", conninfo)]
      + parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [("client_encoding", "UTF8")]
  }

  /// Run once on a new connection. The formats that are decoded here depend on the first settings, which a database or a
  /// role may have changed.
  var preamble: String {
    let formats = "SET DateStyle = ISO; SET TimeZone = 'UTC'; SET bytea_output = hex; SET extra_float_digits = 1"
    guard let role else { return formats }
    return formats + "; SET ROLE " + Query.quote(identifier: role)
  }
}
