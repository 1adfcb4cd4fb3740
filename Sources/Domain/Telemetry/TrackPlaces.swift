/// The places of the fields we know in one object.
struct TrackPlaces {
  private let tokens: UnsafeMutableBufferPointer<JSONToken>
  /// The fields that are there.
  private(set) var present = TrackFields()
  /// The first field that came twice.
  private(set) var repeated: TrackField?

  /// - Parameter tokens: memory for one token a field, which need not be initialized.
  init(in tokens: UnsafeMutableBufferPointer<JSONToken>) { self.tokens = tokens }

  @inline(__always)
  mutating func note(_ field: TrackField, _ token: JSONToken) {
    if present.has(field), repeated == nil { repeated = field }
    present.insert(field)
    tokens.initializeElement(at: Int(field.rawValue), to: token)
  }

  /// Where a field stands, the last time where it came twice.
  @inline(__always)
  subscript(field: TrackField) -> JSONToken? { present.has(field) ? tokens[Int(field.rawValue)] : nil }
}
