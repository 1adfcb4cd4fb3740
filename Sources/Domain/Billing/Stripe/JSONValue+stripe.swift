/// How Stripe's objects are looked into. What is not there, is null, or is of another kind than was asked for, is nil.
extension JSONValue {
  /// A member of an object.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self, let member = members[name] else { return nil }
    if case .null = member { return nil }
    return member
  }

  /// A member that is a text. An empty one says nothing.
  func word(_ name: String) -> String? {
    guard case .string(let text) = self[name], !text.isEmpty else { return nil }
    return text
  }

  /// A member that is a whole number.
  func whole(_ name: String) -> Int? {
    guard case .integer(let number) = self[name] else { return nil }
    return number
  }

  /// Whether a member is true.
  func flag(_ name: String) -> Bool { self[name] == .bool(true) }

  /// A member that is a time: seconds since 1970, of which 0 is none.
  func time(_ name: String) -> Instant? { self[name]?.stripeTime }

  /// This as a time, if it can be one.
  package var stripeTime: Instant? {
    guard case .integer(let seconds) = self, seconds > 0, Int64(seconds) <= Era.instants.upperBound.seconds else {
      return nil
    }
    return Instant(milliseconds: Int64(seconds) * 1_000)
  }

  /// A member that names another object: by its id, or expanded, which is that object itself.
  func id(_ name: String) -> String? { word(name) ?? self[name]?.word("id") }

  /// The elements of a member: of an array, or of a list object's page.
  func list(_ name: String) -> [JSONValue] {
    switch self[name] {
    case .array(let elements): elements
    case let page?: page["data"] == nil ? [] : page.list("data")
    case nil: []
    }
  }

  /// This as it was before: what it had then is laid over it. Objects merge deeply, arrays and all else are replaced whole.
  func overlaid(with before: JSONValue) -> JSONValue {
    guard case .object(var members) = self, case .object(let earlier) = before else { return before }
    for (name, value) in earlier { members[name] = members[name]?.overlaid(with: value) ?? value }
    return .object(members)
  }
}
