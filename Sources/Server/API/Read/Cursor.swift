import Foundation

/// Where a page ended, as an opaque text. Holds values of the last row, not an offset: rows that arrive meanwhile shift nothing.
struct Cursor {
  let values: [String]

  init(_ values: [String]) { self.values = values }

  init?(_ text: String, count: Int) {
    let padded = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    let filled = padded + String(repeating: "=", count: (4 - padded.count % 4) % 4)
    guard let data = Data(base64Encoded: filled),
      let values = try? JSONDecoder().decode([String].self, from: data), values.count == count,
      values.allSatisfy(\.isStorable)
    else { return nil }
    self.values = values
  }

  var text: String {
    let json = Data(JSONValue.array(values.map { .string($0) }).bytes)
    return json.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }
}
