extension JSONSchema {
  /// Takes the next value, and says whether it matches. Where it does not, the reader is left anywhere.
  func matches(_ json: inout JSONReader) -> Bool {
    guard let kind = json.kind else { return false }
    let start = json
    switch kind {
    case .string:
      guard let text = json.string(), matches(text) else { return false }
    case .number:
      guard let number = json.number(), matches(number) else { return false }
    case .boolean:
      guard type == nil || type == .boolean, let word = json.literal() else { return false }
      guard isAllowed(.boolean(word == .true)) else { return false }
    case .null:
      guard type == nil || type == .null, json.literal() != nil, isAllowed(.null) else { return false }
    case .object:
      guard type == nil || type == .object, allowed == nil, matchesMembers(&json) else { return false }
    case .array:
      guard type == nil || type == .array, allowed == nil, matchesItems(&json) else { return false }
    }
    return anyOf.isEmpty
      || anyOf.contains { option in
        var again = start
        return option.matches(&again)
      }
  }

  private func matches(_ text: JSONReader.Text) -> Bool {
    guard type == nil || type == .string else { return false }
    if let allowed, !allowed.contains(where: { $0.equals(text) }) { return false }
    if minLength != nil || maxLength != nil {
      let length = text.length
      guard length >= minLength ?? 0, length <= maxLength ?? .max else { return false }
    }
    if isUUID, !text.isUUID { return false }
    if let pattern, !pattern.matches(text) { return false }
    return true
  }

  private func matches(_ number: JSONReader.Number) -> Bool {
    guard type == nil || type == .number || type == .integer && number.isInteger else { return false }
    guard minimum.map({ number.value >= $0 }) ?? true, maximum.map({ number.value <= $0 }) ?? true else { return false }
    return isAllowed(.number(number.value))
  }

  private func isAllowed(_ value: JSONConstant) -> Bool { allowed?.contains(value) ?? true }

  private func matchesMembers(_ json: inout JSONReader) -> Bool {
    var found: UInt64 = 0
    var next = 0
    let isWhole = json.members { name, json in
      guard let place = place(of: name, from: next) else { return allowsOthers && json.value() != nil }
      found |= 1 << UInt64(place)
      next = place + 1
      return properties[place].schema.matches(&json)
    }
    return isWhole && found & required == required
  }

  private func place(of name: JSONReader.Text, from next: Int) -> Int? {
    if next < properties.count, name.equals(properties[next].name) { return next }
    return properties.firstIndex { name.equals($0.name) }
  }

  private func matchesItems(_ json: inout JSONReader) -> Bool {
    var count = 0
    var seen: Set<[UInt8]> = []
    let isWhole = json.items { json in
      count += 1
      var value = json
      if areUnique, let text = value.value(), !seen.insert(Array(text)).inserted { return false }
      return items.map { $0.matches(&json) } ?? (json.value() != nil)
    }
    return isWhole && count >= minItems ?? 0
  }
}

extension JSONConstant {
  fileprivate func equals(_ text: JSONReader.Text) -> Bool {
    if case .string(let bytes) = self { text.equals(bytes) } else { false }
  }
}

extension JSONReader.Text {
  /// RFC 9562: 8-4-4-4-12 hexadecimal digits.
  fileprivate var isUUID: Bool {
    guard !isEscaped, raw.count == 36 else { return false }
    return raw.enumerated().allSatisfy { place, byte in
      switch place {
      case 8, 13, 18, 23: byte == UInt8(ascii: "-")
      default:
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
          UInt8(ascii: "A")...UInt8(ascii: "F"):
          true
        default: false
        }
      }
    }
  }
}
