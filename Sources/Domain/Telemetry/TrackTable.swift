/// What ``TrackField/member`` says, worked out once for decoder and encoder, which ask it with every event.
struct TrackTable: Sendable {
  static let standard = TrackTable()

  let names: TrackNames
  let ofEvent: TrackFields
  /// Those of an event that must be there.
  let required: TrackFields
  let stored: TrackFields

  private init() {
    let fields = TrackField.allCases
    names = TrackNames(fields)
    ofEvent = TrackFields(fields.filter(\.member.isOfEvent))
    required = TrackFields(fields.filter { $0.member.isOfEvent && $0.member.isRequired })
    stored = TrackFields(fields.filter(\.member.isStored))
  }
}

/// Finds a field by its name: by its length and its first and last eight bytes at once, which are all of it; by four of less than eight.
struct TrackNames: Sendable {
  /// Bytes of a name.
  static let lengths = 4...16

  private struct Name {
    let head: UInt64
    let tail: UInt64
    let field: TrackField
  }

  /// By length.
  private let names: [Name]
  /// Where the names of each length start, and in the end all end.
  private let starts: [Int]

  init(_ fields: [TrackField]) {
    precondition(fields.allSatisfy { Self.lengths.contains($0.name.utf8.count) }, "a name has 4 to 16 bytes")
    let byLength = (0...Self.lengths.upperBound).map { length in
      fields.filter { $0.name.utf8.count == length }.map { field in
        let ends = Array(field.name.utf8).withUnsafeBytes { Self.ends(of: $0) }
        return Name(head: ends.head, tail: ends.tail, field: field)
      }
    }
    names = byLength.flatMap { $0 }
    starts = byLength.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// The field of an unescaped name.
  @inline(__always)
  func field(_ name: UnsafeBufferPointer<UInt8>) -> TrackField? {
    guard Self.lengths.contains(name.count) else { return nil }
    let (head, tail) = Self.ends(of: UnsafeRawBufferPointer(name))
    for index in starts[name.count]..<starts[name.count + 1]
    where names[index].head == head && names[index].tail == tail {
      return names[index].field
    }
    return nil
  }

  @inline(__always)
  private static func ends(of name: UnsafeRawBufferPointer) -> (head: UInt64, tail: UInt64) {
    if name.count < 8 {
      let head = name.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
      return (UInt64(head), UInt64(name.loadUnaligned(fromByteOffset: name.count - 4, as: UInt32.self)))
    }
    let head = name.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    return (head, name.loadUnaligned(fromByteOffset: name.count - 8, as: UInt64.self))
  }
}
