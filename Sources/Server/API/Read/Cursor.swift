import Domain
import Foundation

/// Where a page ended, as an opaque text. Holds values of the last row, not an offset: rows that arrive meanwhile shift nothing.
///
/// Anybody can write one. So each value is read as the type that it was written from, which knows its bounds (``CursorValue``): what comes out
/// can be reckoned with, here and in SQL.
struct Cursor {
  private let values: [String]

  init<each Value: CursorValue>(_ values: repeat each Value) {
    var texts: [String] = []
    for value in repeat each values { texts.append(value.cursorText) }
    self.values = texts
  }

  var text: String {
    let json = Data(JSONValue.array(values.map { .string($0) }).bytes)
    return json.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }

  /// The values of a cursor's text; nil when it was not made of values of these types.
  static func values<each Value: CursorValue>(
    of text: String, as types: repeat (each Value).Type
  ) -> (repeat each Value)? {
    guard var reader = Reader(text) else { return nil }
    do {
      let values = (repeat try reader.next(each types))
      return reader.isAtEnd ? values : nil
    } catch { return nil }
  }

  private struct Reader {
    private var rest: ArraySlice<String>
    var isAtEnd: Bool { rest.isEmpty }

    private struct Malformed: Error {}

    init?(_ text: String) {
      let padded = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
      let filled = padded + String(repeating: "=", count: (4 - padded.utf8.count % 4) % 4)
      guard let data = Data(base64Encoded: filled), let values = try? ForeignJSON.decode([String].self, from: data)
      else { return nil }
      rest = values[...]
    }

    mutating func next<Value: CursorValue>(_: Value.Type) throws -> Value {
      guard let text = rest.popFirst(), let value = Value(cursorText: text) else { throw Malformed() }
      return value
    }
  }
}

/// What a cursor can hold.
protocol CursorValue {
  /// Nil for what lies outside the type's bounds.
  init?(cursorText: String)
  var cursorText: String { get }
}

/// Counts and positions, none of which is negative.
extension Int64: CursorValue {
  init?(cursorText: String) {
    guard let number = Int64(cursorText), number >= 0 else { return nil }
    self = number
  }
  var cursorText: String { String(self) }
}

/// Shards.
extension Int32: CursorValue {
  init?(cursorText: String) {
    guard let number = Int32(cursorText), number >= 0 else { return nil }
    self = number
  }
  var cursorText: String { String(self) }
}

/// To the microsecond, as the database keeps it: a coarser time would skip what shares its millisecond.
extension Instant: CursorValue {
  init?(cursorText: String) {
    guard let microseconds = Int64(cursorText), case let instant = Instant(microseconds: microseconds),
      Era.instants.contains(instant)
    else { return nil }
    self = instant
  }
  var cursorText: String { String(microseconds) }
}

extension UUID: CursorValue {
  init?(cursorText: String) { self.init(uuidString: cursorText) }
  var cursorText: String { text }
}

extension String: CursorValue {
  init?(cursorText: String) {
    guard cursorText.isStorable else { return nil }
    self = cursorText
  }
  var cursorText: String { self }
}

extension ReadParameters {
  /// The values of the last entry of the page before; nil when the first page is asked for.
  func cursor<each Value: CursorValue>(_ types: repeat (each Value).Type) throws -> (repeat each Value)? {
    guard let given = try text("cursor") else { return nil }
    guard let values = Cursor.values(of: given, as: repeat each types) else {
      throw invalid("cursor", given, allowed: "next_cursor of the page before")
    }
    return values
  }
}
