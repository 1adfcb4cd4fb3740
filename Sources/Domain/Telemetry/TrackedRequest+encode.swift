extension TrackedRequest {
  /// Appends the element of the log's `data` array: a JSON object with its members in a fixed order, no white space,
  /// and one way of writing each value, so that equal requests are equal bytes.
  ///
  /// `response_time_ms` is a decimal of at most six decimals without trailing zeros, `timestamp` integer milliseconds.
  public func encode(into output: inout [UInt8]) {
    output.append("{\"endpoint\":\"")
    JSONText.append(endpoint, to: &output)
    output.append("\",\"template\":\"")
    JSONText.append(template, to: &output)
    output.append("\",\"method\":\"")
    output.append(contentsOf: method.rawValue.utf8)
    output.append("\",\"status_code\":")
    JSONText.append(Int64(statusCode), to: &output)
    output.append(",\"response_time_ms\":")
    JSONText.append(nanoseconds: responseTimeNanoseconds, to: &output)
    output.append(",\"timestamp\":")
    JSONText.append(timestampMilliseconds, to: &output)
    output.append(UInt8(ascii: "}"))
  }
}

extension [UInt8] {
  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
