/// What processes tell one another through the database. A wake-up is a hint: it may be lost, with a connection, so whoever waits for one
/// looks for himself now and then.
package enum Topic: String, Sendable {
  /// A shard's log has grown; the payload is the shard.
  case appended = "recount_appended"
  /// A read model has moved; the payload is `projection:shard:position`.
  case projected = "recount_projected"

  /// The time between two sendings of one process. Of appends four a second: each step of a read model costs some milliseconds before its
  /// first event (at ten a second they took a third of a core under single events, at four an eighth).
  var pause: Duration {
    switch self {
    case .appended: .milliseconds(250)
    case .projected: .milliseconds(100)
    }
  }
}
