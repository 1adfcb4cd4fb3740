import CLibPQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Wire {
  /// Connects and logs in. Throws an error of kind `couldNotConnect` or `cancelled`.
  static func open(_ settings: ConnectionSettings, wakeup: Wakeup, until deadline: Deadline) throws -> Wire {
    let keywords = settings.keywords
    let connection = withCStrings(keywords.map(\.name)) { names in
      withCStrings(keywords.map(\.value)) { values in PQconnectStartParams(names, values, 1) }
    }
    guard let connection else { throw PostgresError(.couldNotConnect, "no memory for a connection") }
    let wire = Wire(connection: connection, wakeup: wakeup)
    guard PQstatus(connection) != CONNECTION_BAD else { throw wire.couldNotConnect() }
    // libpq tells SQLSTATEs of refused log-ins only in verbose texts.
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
    try wire.shakeHands(until: deadline)
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
    guard PQsetnonblocking(connection, 1) == 0 else { throw wire.couldNotConnect() }
    // Notices ("relation already exists, skipping") would go to standard error.
    PQsetNoticeReceiver(connection, { _, _ in }, nil)
    return wire
  }

  private func shakeHands(until deadline: Deadline) throws {
    var events = POLLOUT
    while true {
      switch wait(for: Int32(events), until: deadline) {
      case .timedOut:
        throw PostgresError(
          .couldNotConnect, "no connection to \(place) within the connect deadline: is the address right?")
      case .interrupted:
        if Task.isCancelled { throw PostgresError(.cancelled, "cancelled while connecting to \(place)") }
        continue
      case .ready: break
      }
      switch PQconnectPoll(connection) {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING: events = POLLIN
      case PGRES_POLLING_WRITING: events = POLLOUT
      default: throw couldNotConnect()
      }
    }
  }

  /// The host and port that libpq is trying, for messages. Never the whole conninfo: it may hold a password.
  private var place: String {
    let host = PQhost(connection).map { String(cString: $0) } ?? ""
    let port = PQport(connection).map { String(cString: $0) } ?? ""
    return host.isEmpty ? "the server" : "\(host) port \(port)"
  }

  private func couldNotConnect() -> PostgresError {
    var text = complaint
    // "… FATAL:  28P01: password authentication failed … LOCATION:  …", whatever the language.
    guard let match = text.firstMatch(of: #/:\s+(?=[A-Z]*[0-9])([0-9A-Z]{5})(?=:\s)/#) else {
      return PostgresError(.couldNotConnect, text)
    }
    let state = String(match.output.1)
    text.removeSubrange(match.range)
    if let location = text.firstRange(of: #/ LOCATION: /#) { text.removeSubrange(location.lowerBound...) }
    return PostgresError(.couldNotConnect, text, sqlState: state)
  }
}

/// A NULL-terminated array of C strings for the time of the call.
private func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
  let copies = strings.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  var pointers = copies.map { UnsafePointer($0) }
  pointers.append(nil)
  return pointers.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("an array with a terminator is never empty") }
    return body(base)
  }
}
