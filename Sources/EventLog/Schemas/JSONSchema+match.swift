import Domain

extension JSONSchema {
  /// Takes the next value, and says whether it matches. Where it does not, the scanner is left anywhere.
  func matches(_ json: inout JSONScanner) throws(JSONSyntaxError) -> Bool {
    let start = json
    let isOfItself =
      switch json.current {
      case UInt8(ascii: "{"): try matchesObject(&json)
      case UInt8(ascii: "["): try matchesArray(&json)
      default: matches(try json.value(), of: json)
      }
    guard isOfItself, !anyOf.isEmpty else { return isOfItself }
    for option in anyOf {
      var again = start
      if try option.matches(&again) { return true }
    }
    return false
  }

  private func matches(_ token: JSONToken, of json: JSONScanner) -> Bool {
    switch token.kind {
    case .string: json.withText(token, matchesText)
    case .number: matches(SchemaNumber(json.bytes(of: token)))
    case .true, .false: (type == nil || type == .boolean) && isAllowed(.boolean(token.kind == .true))
    case .null: (type == nil || type == .null) && isAllowed(.null)
    case .object, .array: false
    }
  }

  private func matchesText(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard type == nil || type == .string else { return false }
    if let allowed, !allowed.contains(where: { $0.equals(text) }) { return false }
    if minLength != nil || maxLength != nil {
      // In code points, as JSON Schema counts.
      let length = text.count { $0 & 0xC0 != 0x80 }
      guard length >= minLength ?? 0, length <= maxLength ?? .max else { return false }
    }
    if isUUID, UUIDText.uuid(text) == nil { return false }
    return pattern?.matches(text) ?? true
  }

  private func matches(_ number: SchemaNumber) -> Bool {
    guard type == nil || type == .number || type == .integer && number.isInteger else { return false }
    guard minimum.map({ number.value >= $0 }) ?? true, maximum.map({ number.value <= $0 }) ?? true else { return false }
    return isAllowed(.number(number.value))
  }

  private func isAllowed(_ value: JSONConstant) -> Bool { allowed?.contains(value) ?? true }

  private func matchesObject(_ json: inout JSONScanner) throws(JSONSyntaxError) -> Bool {
    guard type == nil || type == .object, allowed == nil else { return false }
    var found: UInt64 = 0
    var next = 0
    var isFirst = true
    try json.enter()
    while let name = try json.nextKey(isFirst: &isFirst) {
      guard let place = json.withText(name, { place(of: $0, from: next) }) else {
        guard allowsOthers else { return false }
        _ = try json.value()
        continue
      }
      found |= 1 << UInt64(place)
      next = place + 1
      guard try properties[place].schema.matches(&json) else { return false }
    }
    return found & required == required
  }

  private func place(of name: UnsafeBufferPointer<UInt8>, from next: Int) -> Int? {
    if next < properties.count, name.isSame(as: properties[next].name) { return next }
    return properties.firstIndex { name.isSame(as: $0.name) }
  }

  private func matchesArray(_ json: inout JSONScanner) throws(JSONSyntaxError) -> Bool {
    guard type == nil || type == .array, allowed == nil else { return false }
    var count = 0
    var seen: Set<[UInt8]> = []
    var isFirst = true
    try json.enter()
    while try json.nextElement(isFirst: &isFirst) {
      count += 1
      let start = json
      if let items {
        guard try items.matches(&json) else { return false }
      } else {
        _ = try json.value()
      }
      if areUnique, !seen.insert(Array(json.bytes(since: start))).inserted { return false }
    }
    return count >= minItems ?? 0
  }
}

extension JSONConstant {
  fileprivate func equals(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if case .string(let bytes) = self { text.isSame(as: bytes) } else { false }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func isSame(as text: [UInt8]) -> Bool { count == text.count && elementsEqual(text) }
}
