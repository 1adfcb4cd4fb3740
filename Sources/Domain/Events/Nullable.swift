import struct Foundation.UUID

/// An optional member of an event's data that is always written, as null when there is none, so that events of one version all
/// have the same members. (The compiler's own encoders leave it out.)
@propertyWrapper
package struct Nullable<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
  /// The value, if there is one.
  package var wrappedValue: Value?

  /// A value or none.
  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// From a value or null.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  /// A value or null. Ids in lower case, as those that are always there.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch wrappedValue {
    case nil: try container.encodeNil()
    case let id as UUID: try container.encode(id.uuidString.lowercased())
    case let value?: try container.encode(value)
    }
  }
}
