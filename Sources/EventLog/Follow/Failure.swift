import Postgres

/// What a failed step means for its lane.
package enum Failure {
  /// The events can't be followed, or the log is not whole: trying the same at once would not help.
  case fault
  /// Two transactions met, and one goes first; or a lock was not to be had in the time that was given to it.
  case conflict
  /// The database is away, or has no room for us.
  case outage

  /// Of what a step threw.
  package init(_ error: any Error) {
    guard let error = error as? PostgresError else {
      self = .fault
      return
    }
    switch error.kind {
    case .connectionLost, .couldNotConnect, .poolExhausted, .poolClosed, .cancelled: self = .outage
    case .deadline, .decoding: self = .fault
    case .server where error.sqlState == "55P03": self = .conflict
    case .server: self = Failure(sqlStateClass: error.sqlState?.prefix(2) ?? "")
    }
  }

  /// Classes as in appendix A of PostgreSQL's manual.
  private init(sqlStateClass: Substring) {
    switch sqlStateClass {
    case "40": self = .conflict
    case "08", "53", "57", "58": self = .outage
    default: self = .fault
    }
  }
}
