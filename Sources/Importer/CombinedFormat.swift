package import RecountClient

/// The combined and common log formats of Apache and nginx, with or without more fields at the end:
///
///     192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326 "http://…" "Mozilla/5.0" 0.123
///
/// The response time is the last field outside quotes that comes after the size and is a number: with a decimal point it is
/// in seconds (nginx `$request_time`), without one in microseconds (Apache `%D`). Lines without one get a default, if there is one.
/// The size is that of the answer; of `-` nothing is said, for some servers write it for 0 and others for what they don't know.
/// The endpoint is the request's target with its query; of a whole URL, what follows the host.
package struct CombinedFormat: LogFormat {
  /// For lines that hold no response time; nil leaves it out.
  package let defaultResponseTime: ResponseTime?

  /// The format.
  package init(defaultResponseTime: ResponseTime? = nil) { self.defaultResponseTime = defaultResponseTime }

  /// The request that the line tells of.
  package func parse(_ line: ArraySlice<UInt8>) throws(LineError) -> TrackEvent {
    var scanner = LineScanner(line)
    let timestamp = try time(&scanner)
    scanner.skipSpaces()
    guard let text = scanner.takeQuoted() else {
      throw LineError("no request in quotes after the time, found \(scanner.rest.shown)")
    }
    let request = try RequestLine(text)
    let status = try TrackRules.status(scanner.takeWord())
    let size = try size(&scanner)
    return TrackEvent(
      endpoint: request.endpoint, method: request.method, statusCode: status,
      responseTime: try responseTime(&scanner), timestamp: timestamp, responseBytes: size)
  }

  /// A user's name may hold a bracket too: the first one with a time in it counts.
  private func time(_ scanner: inout LineScanner) throws(LineError) -> Timestamp {
    while scanner.take(upTo: UInt8(ascii: "[")) != nil {
      if let time = scanner.takeAccessLogTime(), scanner.take("]") { return time }
    }
    throw LineError("no time such as [10/Oct/2000:13:55:36 -0700]")
  }

  private func size(_ scanner: inout LineScanner) throws(LineError) -> Int64? {
    let size = scanner.takeWord()
    guard !size.elementsEqual("-".utf8) else { return nil }
    guard let bytes = size.decimalNumber else {
      throw LineError("size is \(size.shown), allowed is a number of bytes or -")
    }
    return try TrackRules.bytes(bytes, "size")
  }

  private func responseTime(_ scanner: inout LineScanner) throws(LineError) -> ResponseTime? {
    var last = defaultResponseTime
    while true {
      scanner.skipSpaces()
      guard let next = scanner.next else { return try TrackRules.responseTime(last) }
      if next == UInt8(ascii: "\"") {
        guard scanner.takeQuoted() != nil else { throw LineError("a quote is not closed: \(scanner.rest.shown)") }
        continue
      }
      let word = scanner.takeWord()
      let unitScale = word.contains(UInt8(ascii: ".")) ? -3 : 3
      last = ResponseTime(decimal: word, unitScale: unitScale) ?? last
    }
  }
}
