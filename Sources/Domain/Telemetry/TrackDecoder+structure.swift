extension TrackDecoder {
  /// What stands in the object that is the body.
  struct TopLevel {
    var members = TrackMembers()
    var events: [TrackedEvent]?
    var eventsStart = 0
    var flaw: JSONTextFlaw?
  }

  mutating func topLevel() throws(TrackBodyError) -> TopLevel {
    var top = TopLevel()
    var isFirst = true
    try scan { (scanner) throws(JSONSyntaxError) in try scanner.enter() }
    while let key = try scan({ (scanner) throws(JSONSyntaxError) in try scanner.nextKey(isFirst: &isFirst) }) {
      let field = field(key)
      if field == .events {
        // Events keep their flaws to themselves.
        let flaw = scanner.flaw
        if top.events != nil { throw .repeated(.events) }
        top.eventsStart = scanner.index
        top.events = try events()
        scanner.flaw = flaw
      } else {
        let token = try scan { (scanner) throws(JSONSyntaxError) in try scanner.value() }
        if let field { top.members.note(field, token) }
      }
    }
    top.flaw = scanner.flaw
    return top
  }

  mutating func events() throws(TrackBodyError) -> [TrackedEvent] {
    guard scanner.current == UInt8(ascii: "[") else {
      let token = try scan { (scanner) throws(JSONSyntaxError) in try scanner.value() }
      throw .badEvents(found: description(of: token))
    }
    let events: [TrackedEvent]
    do throws(JSONSyntaxError) { events = try elements() } catch { throw malformed(error) }
    if events.isEmpty { throw .emptyEvents }
    if events.count > limits.events { throw .tooManyEvents(allowed: limits.events) }
    return events
  }

  /// Stops one event after the limit, which is enough to know.
  private mutating func elements() throws(JSONSyntaxError) -> [TrackedEvent] {
    var events: [TrackedEvent] = []
    // A guess at how many there are, which saves growing: an event is seldom shorter than 128 bytes.
    events.reserveCapacity(min(limits.events, scanner.bytes.count / 128 + 1))
    var isFirst = true
    try scanner.enter()
    while events.count <= limits.events, try scanner.nextElement(isFirst: &isFirst) {
      events.append(try element(events.count))
    }
    return events
  }

  private mutating func element(_ ordinal: Int) throws(JSONSyntaxError) -> TrackedEvent {
    let start = scanner.index
    scanner.flaw = nil
    guard scanner.current == UInt8(ascii: "{") else {
      let token = try scanner.value()
      let problem = FieldProblem(field: nil, found: description(of: token), allowed: "a JSON object")
      return invalid(ordinal, problem, raw: start..<scanner.index)
    }
    var members = TrackMembers()
    var isFirst = true
    try scanner.enter()
    while let key = try scanner.nextKey(isFirst: &isFirst) {
      let token = try scanner.value()
      // A key or batch id inside an event means nothing, as any field that we do not know.
      if let field = field(key), field != .apiKey, field != .batchID { members.note(field, token) }
    }
    return event(ordinal, members, raw: start..<scanner.index, flaw: scanner.flaw)
  }

  @inline(__always)
  private mutating func field(_ key: JSONToken) -> TrackField? {
    withText(key) { TrackField.named($0) }
  }

  /// The unescaped text of a string token.
  @inline(__always)
  mutating func withText<Result>(_ token: JSONToken, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard token.isEscaped else { return body(UnsafeBufferPointer(rebasing: scanner.bytes[token.start..<token.end])) }
    scratch.removeAll(keepingCapacity: true)
    scanner.appendUnescaped(token, to: &scratch)
    return scratch.withUnsafeBufferPointer(body)
  }
}
