import struct Foundation.UUID

extension KeyedEncodingContainer {
  /// Ids enter the log in lower case (RFC 9562, section 4), where `UUID` itself would encode upper case: a text comparison in SQL
  /// must find them. The encoders that the compiler makes for this module's event data call this one.
  mutating func encode(_ id: UUID, forKey key: Key) throws { try encode(id.uuidString.lowercased(), forKey: key) }

  /// The same for an id that may be missing.
  mutating func encodeIfPresent(_ id: UUID?, forKey key: Key) throws {
    try encodeIfPresent(id?.uuidString.lowercased(), forKey: key)
  }
}
