import Postgres

/// How many events a lane's next step takes, and how often its last steps failed.
struct Pace: Sendable, Equatable {
  /// Events the next step takes at most.
  private(set) var most = Self.smallest
  /// Steps that failed since one succeeded.
  private(set) var failures = 0

  /// Large cuts cost less per event (traffic: 4.0 µs at 5,000, 2.5 at 20,000, 2.2 at 50,000) and an up-to-date model has no more
  /// than a quarter of a second's events to take anyway. Beyond 50,000 memory grows and little is gained.
  static let smallest: Int64 = 20_000
  static let largest: Int64 = 50_000
  /// A lane whose next batch fails this often is stopped: a transient fault has gone by then.
  static let patience = 3

  /// Whether it is time to give up.
  var isExhausted: Bool { failures >= Self.patience }

  mutating func succeeded(isBehind: Bool) {
    failures = 0
    most = isBehind ? min(Self.largest, max(Self.smallest, most * 2)) : Self.smallest
  }

  /// The next try takes a single batch: good ones before the bad one get through, and the error names the bad one.
  mutating func failed() {
    failures += 1
    most = 1
  }
}

/// What a failed step means for its lane.
enum Failure {
  /// The events can't be applied, or the log is not whole: trying for ever would not help.
  case fault
  /// Two transactions met; one goes first.
  case conflict
  /// The database is away, or has no room for us.
  case outage

  init(_ error: any Error) {
    guard let error = error as? PostgresError else {
      self = .fault
      return
    }
    switch error.kind {
    case .connectionLost, .couldNotConnect, .poolExhausted, .poolClosed, .cancelled: self = .outage
    case .deadline, .decoding: self = .fault
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
