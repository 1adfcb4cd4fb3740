/// Members that any event may have and none must.
extension TrackDecoder {
  mutating func label(_ token: JSONToken?, _ field: TrackField) throws(FieldProblem) -> String? {
    guard let token, token.kind != .null else { return nil }
    let most = limits.labelCharacters
    let string = try self.token(token, .string, field, NameRule.allowed(maximumCharacters: most))
    let label = withText(string) { text in
      NameRule.takes(text, maximumCharacters: most) ? String(decoding: text, as: UTF8.self) : nil
    }
    guard let label else { throw problem(field, token, NameRule.allowed(maximumCharacters: most)) }
    return label
  }

  func bytes(_ token: JSONToken?, _ field: TrackField) throws(FieldProblem) -> Int64? {
    guard let token, token.kind != .null else { return nil }
    let number = text(try self.token(token, .number, field, allowedBytes))
    // So many digits fit into an Int64 whatever they are.
    guard number.count <= 18, number.allSatisfy(ASCII.isDigit) else { throw problem(field, token, allowedBytes) }
    let count = number.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    guard count <= Int64(limits.messageBytes) else { throw problem(field, token, allowedBytes) }
    return count
  }

  private var allowedBytes: String { "an integer from 0 to \(limits.messageBytes)" }
}
