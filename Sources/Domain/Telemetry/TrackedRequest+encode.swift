extension TrackedRequest {
  /// Appends the element of the log's `data` array: a JSON object with its members in a fixed order (``TrackField``'s), no white space,
  /// and one way of writing each value, so that equal requests are equal bytes. What is absent leaves no byte.
  ///
  /// `response_time_ms` is a decimal of at most six decimals without trailing zeros, `timestamp` integer milliseconds.
  package func encode(into output: inout [UInt8]) {
    for field in TrackTable.standard.stored { append(field, to: &output) }
    output.append(UInt8(ascii: "}"))
  }

  @inline(__always)
  private func append(_ field: TrackField, to output: inout [UInt8]) {
    switch field {
    case .endpoint:
      output.append("{\"endpoint\":\"")
      JSONText.append(endpoint, to: &output)
      output.append("\",\"template\":\"")
      JSONText.append(template, to: &output)
      output.append(UInt8(ascii: "\""))
    case .method:
      // A token: there is nothing in it to escape.
      output.append(",\"method\":\"")
      output.append(contentsOf: method.rawValue.utf8)
      output.append(UInt8(ascii: "\""))
    case .statusCode:
      output.append(",\"status_code\":")
      JSONText.append(Int64(statusCode), to: &output)
    case .responseTime:
      guard let responseTimeNanoseconds else { return }
      output.append(",\"response_time_ms\":")
      JSONText.append(millionths: responseTimeNanoseconds, to: &output)
    case .timestamp:
      output.append(",\"timestamp\":")
      JSONText.append(timestamp.milliseconds, to: &output)
    case .consumer: append(",\"consumer\":", consumer, to: &output)
    case .requestBytes: append(",\"request_bytes\":", requestBytes, to: &output)
    case .responseBytes: append(",\"response_bytes\":", responseBytes, to: &output)
    case .release: append(",\"release\":", release, to: &output)
    case .error: append(",\"error\":", error, to: &output)
    case .eventID, .apiKey, .batchID, .sender, .events: break
    }
  }

  @inline(__always)
  private func append(_ name: StaticString, _ text: String?, to output: inout [UInt8]) {
    guard let text else { return }
    output.append(name)
    JSONText.append(quoted: text, to: &output)
  }

  @inline(__always)
  private func append(_ name: StaticString, _ number: Int64?, to output: inout [UInt8]) {
    guard let number else { return }
    output.append(name)
    JSONText.append(number, to: &output)
  }
}

extension [UInt8] {
  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
