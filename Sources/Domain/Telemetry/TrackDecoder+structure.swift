extension TrackDecoder {
  /// What stands in the object that is the body.
  struct TopLevel {
    var places: TrackPlaces
    var events: [TrackedEvent]?
    var eventsStart = 0
    var flaw: JSONTextFlaw?
  }

  mutating func topLevel() throws(TrackBodyError) -> TopLevel {
    var top = TopLevel(places: TrackPlaces(in: callPlaces))
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
        if let field { top.places.note(field, token) } else { ignore(key) }
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
    var places = TrackPlaces(in: eventPlaces)
    var isFirst = true
    try scanner.enter()
    while let key = try scanner.nextKey(isFirst: &isFirst) {
      let token = try scanner.value()
      if let field = field(key), table.ofEvent.has(field) {
        places.note(field, token)
      } else {
        ignore(key)
      }
    }
    return event(ordinal, places, raw: start..<scanner.index, flaw: scanner.flaw)
  }

  @inline(__always)
  private mutating func field(_ key: JSONToken) -> TrackField? {
    guard key.isEscaped else { return table.names.field(text(key)) }
    let names = table.names
    return withText(key) { names.field($0) }
  }

  private mutating func ignore(_ name: JSONToken) {
    ignored.note(name, in: scanner.bytes, upTo: limits.ignoredNames)
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
