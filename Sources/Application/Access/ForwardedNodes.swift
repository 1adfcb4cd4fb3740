/// The nodes that a request came through, as its proxies wrote them, the nearest last.
enum ForwardedNodes {
  /// Of X-Forwarded-For: addresses separated by commas, which some proxies write with the port. It knows no quotes: what a client begins
  /// with one must not swallow what its proxy adds.
  static func listed(_ fields: [String]) -> [String?] {
    fields.flatMap { $0.split(separator: ",") }.filter { !trimmed($0).isEmpty }.map(address)
  }

  /// Of Forwarded (RFC 7239): the `for` of each element. Nil where there is none, or it names no address (`unknown`, `_hidden`). What
  /// can't be parsed counts for nothing, nor does what was written before it.
  static func forwarded(_ fields: [String]) -> [String?] {
    var nodes: [String?] = []
    for field in fields {
      guard let elements = parts(of: field, at: ",") else {
        nodes = []
        continue
      }
      nodes += elements.map(node)
    }
    return nodes
  }

  private static func node(of element: String) -> String? {
    for pair in parts(of: element, at: ";") ?? [] {
      guard let sign = pair.firstIndex(of: "="), trimmed(pair[..<sign]).lowercased() == "for" else { continue }
      return address(of: unquoted(trimmed(pair[pair.index(after: sign)...])))
    }
    return nil
  }

  /// Without a port and brackets: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`. Nil for what is no
  /// address.
  static func address(of node: some StringProtocol) -> String? {
    let node = trimmed(node[...])
    if AddressRange.bytes(node) != nil { return node }
    if node.hasPrefix("["), let end = node.firstIndex(of: "]") {
      let (inner, rest) = (String(node[node.index(after: node.startIndex)..<end]), node[node.index(after: end)...])
      return isPort(rest) && inner.contains(":") && AddressRange.bytes(inner) != nil ? inner : nil
    }
    guard let colon = node.lastIndex(of: ":") else { return nil }
    let bare = String(node[..<colon])
    return !bare.contains(":") && isPort(node[colon...]) && AddressRange.bytes(bare) != nil ? bare : nil
  }

  /// Nothing, or `:4711`; RFC 7239 lets a port be obfuscated, too: `:_x`.
  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty
      || text.count > 1 && text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && !$0.isWhitespace }
  }

  /// Cut where a separator stands outside quotes; nil where quotes don't end.
  private static func parts(of field: some StringProtocol, at separator: Character) -> [String]? {
    var parts = [""]
    var (isQuoted, isEscaped) = (false, false)
    for character in field {
      if !isQuoted, character == separator {
        parts.append("")
        continue
      }
      if character == "\"", !isEscaped { isQuoted.toggle() }
      isEscaped = isQuoted && character == "\\" && !isEscaped
      parts[parts.count - 1].append(character)
    }
    return isQuoted ? nil : parts.filter { !trimmed($0[...]).isEmpty }
  }

  private static func unquoted(_ value: String) -> String {
    guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return value }
    var (text, isEscaped) = ("", false)
    for character in value.dropFirst().dropLast() {
      isEscaped = character == "\\" && !isEscaped
      if !isEscaped { text.append(character) }
    }
    return text
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
