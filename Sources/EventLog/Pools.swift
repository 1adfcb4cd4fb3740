package import Logging
package import Postgres

/// The connections that a server process asks its questions over, in pools of their own for what must not wait for one another.
///
/// | pool | for | connections of 8 |
/// |---|---|---|
/// | entrance | what everybody passes: keys, sessions, log-ins, healthz. A few look-ups by primary key each, so that two connections serve thousands a second | 2 |
/// | general | what people ask and change, bounded by what one answer can hold | 4 |
/// | expensive | what walks the log, step by step: exports, statements, voids. May be full at any time, which then is all that is | 2 |
///
/// Beside them ``Log`` has one connection per shard that appends and one that flushes, which no question can take either.
package struct Pools: Sendable {
  /// For what everybody passes before anything else.
  package let entrance: Pool
  /// For questions and changes.
  package let general: Pool
  /// For what walks the log.
  package let expensive: Pool

  /// How long a statement of a walk may take. A step takes tenths of a second: one that takes longer would go on to.
  package static let expensiveDeadline = Duration.seconds(10)
  /// More walks at a time would only take one another's disk and processors, and those of the appends.
  private static let mostExpensive = 8

  /// Shares out connections, at least three.
  package init(_ settings: ConnectionSettings, total: Int, logger: Logger) {
    let entrance = max(1, total / 4)
    let expensive = min(max(1, total / 4), Self.mostExpensive)
    self.entrance = Pool(settings, size: entrance, logger: logger)
    general = Pool(settings, size: max(1, total - entrance - expensive), logger: logger)
    var patient = settings
    patient.statementDeadline = Self.expensiveDeadline
    // For when the process can't cancel: it died, or the network did.
    patient.parameters["options"] = "-c statement_timeout=15s"
    self.expensive = Pool(patient, size: expensive, logger: logger, acquireDeadline: .seconds(5))
  }

  /// One pool for everything: for programs that do one thing at a time.
  package init(all pool: Pool) {
    entrance = pool
    general = pool
    expensive = pool
  }

  /// Gives the connections back.
  func close() async {
    await entrance.close()
    await general.close()
    await expensive.close()
  }
}
