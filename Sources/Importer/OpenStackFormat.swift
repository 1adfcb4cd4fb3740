package import RecountClient

/// The request lines of OpenStack's wsgi servers (nova-api and its kin):
///
///     [file name ]2017-05-16 00:00:00.008 25746 INFO nova.osapi_compute.wsgi.server [req-… …] 10.11.10.1
///       "GET /v2/…/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2477829
///
/// Times are UTC, as the servers write them by default; response times are in seconds.
package struct OpenStackFormat: LogFormat {
  /// The format.
  package init() {}

  /// The request that the line tells of.
  package func parse(_ line: ArraySlice<UInt8>) throws(LineError) -> TrackEvent {
    var scanner = LineScanner(line)
    let timestamp = try time(&scanner)
    guard scanner.take(upTo: UInt8(ascii: "\"")) != nil, let text = scanner.take(upTo: UInt8(ascii: "\"")) else {
      throw LineError("no request in quotes: the line is not one of a request")
    }
    let request = try RequestLine(text)
    let status = try TrackRules.status(try value(of: "status:", &scanner))
    _ = try value(of: "len:", &scanner)
    let seconds = try value(of: "time:", &scanner)
    return TrackEvent(
      endpoint: request.endpoint, method: request.method, statusCode: status,
      responseTime: try TrackRules.responseTime(seconds, unitScale: -3), timestamp: timestamp)
  }

  /// At the start of the line, or after the name of the file that a collector puts before it.
  private func time(_ scanner: inout LineScanner) throws(LineError) -> Timestamp {
    if let time = scanner.takeISOTime() { return time }
    let found = scanner.takeWord()
    scanner.skipSpaces()
    guard let time = scanner.takeISOTime() else {
      throw LineError("no time such as 2017-05-16 00:00:00.008 at the start, found \(found.shown)")
    }
    return time
  }

  private func value(of name: StaticString, _ scanner: inout LineScanner) throws(LineError) -> ArraySlice<UInt8> {
    scanner.skipSpaces()
    guard scanner.take(name) else {
      throw LineError("\(name) is missing after the request, found \(scanner.rest.shown)")
    }
    return scanner.takeWord()
  }
}
