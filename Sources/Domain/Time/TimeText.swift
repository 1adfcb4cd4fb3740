/// A time that is told to people's programs in JSON: as text, to the second, and left out where there is none. (An event's is a number.)
@propertyWrapper
package struct TimeText: Encodable, Sendable, Equatable {
  /// The time, if there is one.
  package var wrappedValue: Instant?

  /// A time or none.
  package init(wrappedValue: Instant?) { self.wrappedValue = wrappedValue }

  /// Its text, or null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue?.textToSecond)
  }
}

extension KeyedEncodingContainer {
  /// The encoders that the compiler makes call this one.
  package mutating func encode(_ time: TimeText, forKey key: Key) throws {
    try encodeIfPresent(time.wrappedValue?.textToSecond, forKey: key)
  }
}
