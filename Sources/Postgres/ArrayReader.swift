/// Reads `{1,2}`, `{"a \"b\"",c}` and `[0:1]={1,2}` (PostgreSQL manual, "Array Input and Output Syntax").
struct ArrayReader {
  let text: UnsafeRawBufferPointer
  private var place = 0

  init(text: UnsafeRawBufferPointer) { self.text = text }

  /// Nil for what is no one-dimensional array of the type, or holds NULL.
  mutating func read<T: PostgresScalar>(_: T.Type) -> [T]? {
    skipBounds()
    guard take("{") else { return nil }
    var elements: [T] = []
    if take("}") { return place == text.count ? elements : nil }
    repeat {
      guard let element: T = element() else { return nil }
      elements.append(element)
    } while take(",")
    return take("}") && place == text.count ? elements : nil
  }

  private mutating func element<T: PostgresScalar>() -> T? { take("\"") ? quoted() : plain() }

  private mutating func plain<T: PostgresScalar>() -> T? {
    let start = place
    while place < text.count, text[place] != UInt8(ascii: ","), text[place] != UInt8(ascii: "}") {
      guard text[place] != UInt8(ascii: "{") else { return nil }
      place += 1
    }
    let slice = UnsafeRawBufferPointer(rebasing: text[start..<place])
    guard !slice.elementsEqual("NULL".utf8) else { return nil }
    return T(postgresText: slice)
  }

  private mutating func quoted<T: PostgresScalar>() -> T? {
    var bytes: [UInt8] = []
    while place < text.count {
      if take("\"") { return bytes.withUnsafeBytes { T(postgresText: $0) } }
      if take("\\"), place == text.count { return nil }
      bytes.append(text[place])
      place += 1
    }
    return nil
  }

  private mutating func skipBounds() {
    guard text.first == UInt8(ascii: "["), let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return }
    place = equals + 1
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard place < text.count, UInt32(text[place]) == character.value else { return false }
    place += 1
    return true
  }
}
