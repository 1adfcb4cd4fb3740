extension StoredRequest {
  /// How long it took, in milliseconds: the decimal that was tracked, to the nanosecond; nil where that was not recorded.
  package var milliseconds: String? {
    guard let time else { return nil }
    var text: [UInt8] = []
    JSONText.append(millionths: time, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
