/// Reads one track body. See `TrackBody` for the steps.
///
/// Why not JSONDecoder: it cannot say where a fault is, has no bound of ours on depth, lets one bad event spoil all, and
/// is slow. Measured in one run, release build, bodies of 500 events of the real log, one core: JSONDecoder into a plain
/// struct 356,000 events/s, this with templates and checks 1,780,000, 5.0 times as many.
struct TrackDecoder {
  let now: Instant
  let window: AcceptanceWindow
  let limits: TrackLimits
  let table = TrackTable.standard
  /// Where the body's own fields are noted, and those of one event after the other.
  let callPlaces: UnsafeMutableBufferPointer<JSONToken>
  let eventPlaces: UnsafeMutableBufferPointer<JSONToken>
  var scanner: JSONScanner
  /// Reused for what must be unescaped and for templates, so that an event costs no more than its two strings.
  var scratch: [UInt8] = []
  var ignored = IgnoredMembers()
  var hasBatchID = false
  var sawEventID = false

  /// How many tokens ``init(_:places:now:window:limits:)`` wants room for.
  static let placesNeeded = TrackField.allCases.count * 2

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, places: UnsafeMutableBufferPointer<JSONToken>, now: Instant,
    window: AcceptanceWindow, limits: TrackLimits
  ) {
    callPlaces = UnsafeMutableBufferPointer(rebasing: places.prefix(TrackField.allCases.count))
    eventPlaces = UnsafeMutableBufferPointer(rebasing: places.suffix(TrackField.allCases.count))
    self.now = now
    self.window = window
    self.limits = limits
    scanner = JSONScanner(bytes, maximumDepth: limits.depth)
  }

  mutating func body() throws(TrackBodyError) -> TrackBody {
    scanner.index = ByteOrderMark.length(in: scanner.bytes)
    scanner.skipSpace()
    guard scanner.current == UInt8(ascii: "{") else { throw try notAnObject() }
    let start = scanner.index
    let top = try topLevel()
    let end = scanner.index
    try scan { (scanner) throws(JSONSyntaxError) in try scanner.end() }
    if let repeated = top.places.repeated { throw .repeated(repeated) }
    let apiKey = try apiKey(top.places[.apiKey])
    let batchID = try batchID(top.places[.batchID])
    hasBatchID = batchID != nil
    let sender = try sender(top.places[.sender])

    let fieldOfEvent = top.places.present.intersection(table.ofEvent).first
    guard let events = top.events else {
      guard fieldOfEvent != nil else { throw .missingEvents }
      let event = event(0, top.places, raw: start..<end, flaw: top.flaw)
      return TrackBody(
        apiKey: apiKey, batchID: batchID, sender: sender, isSingle: true, events: [event], ignored: ignoredNames())
    }
    if let fieldOfEvent { throw .mixed(fieldOfEvent) }
    if let flaw = top.flaw { throw malformed(flaw) }
    return TrackBody(
      apiKey: apiKey, batchID: batchID, sender: sender, isSingle: false,
      events: hasBatchID && sawEventID ? try eventsAgain(at: top.eventsStart) : events, ignored: ignoredNames())
  }

  /// The batch id came after events with ids of their own, which are now known to be invalid.
  private mutating func eventsAgain(at start: Int) throws(TrackBodyError) -> [TrackedEvent] {
    scanner.index = start
    scanner.depth = 1
    return try events()
  }

  private mutating func notAnObject() throws(TrackBodyError) -> TrackBodyError {
    let token = try scan { (scanner) throws(JSONSyntaxError) in
      let token = try scanner.value()
      try scanner.end()
      return token
    }
    // The kind alone: the string might be nothing but a key.
    return .notAnObject(found: token.kind.name)
  }

  /// Runs the scanner, giving its errors their line and column.
  mutating func scan<Result>(
    _ step: (inout JSONScanner) throws(JSONSyntaxError) -> Result
  ) throws(TrackBodyError) -> Result {
    do {
      return try step(&scanner)
    } catch {
      throw malformed(error)
    }
  }

  func malformed(_ error: JSONSyntaxError) -> TrackBodyError {
    .malformed(TextPlace(offset: error.offset, in: scanner.bytes), expected: error.expected, found: error.found)
  }

  private func malformed(_ flaw: JSONTextFlaw) -> TrackBodyError {
    .malformed(
      TextPlace(offset: flaw.offset, in: scanner.bytes), expected: flaw.allowed, found: flaw.found(in: scanner.bytes))
  }
}
