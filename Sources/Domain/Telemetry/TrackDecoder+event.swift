extension TrackDecoder {
  /// One event of the places of its fields.
  mutating func event(
    _ ordinal: Int, _ members: TrackMembers, raw: Range<Int>, flaw: JSONTextFlaw?
  ) -> TrackedEvent {
    do throws(FieldProblem) {
      if let flaw { throw problem(flaw, in: members) }
      let request = try request(members)
      let outcome: TrackedEvent.Outcome =
        if let miss = window.miss(of: request.timestampMilliseconds, now: now) {
          .outsideWindow(request, miss)
        } else {
          .valid(request)
        }
      return TrackedEvent(ordinal: ordinal, outcome: outcome, raw: [])
    } catch {
      var problem = error
      problem.further = others(members, than: error.field)
      return invalid(ordinal, problem, raw: raw)
    }
  }

  /// What is wrong with the fields that were not come to, or that come after the first fault. Only an invalid event pays for it.
  private mutating func others(_ members: TrackMembers, than first: TrackField?) -> [FieldProblem] {
    var found: [FieldProblem] = []
    func note(_ field: TrackField, _ check: () throws(FieldProblem) -> Void) {
      guard field != first else { return }
      do throws(FieldProblem) { try check() } catch { found.append(error) }
    }
    var decoder = self
    note(.endpoint) { () throws(FieldProblem) in _ = try decoder.endpoint(members.endpoint) }
    note(.method) { () throws(FieldProblem) in _ = try decoder.method(members.method) }
    note(.statusCode) { () throws(FieldProblem) in _ = try decoder.statusCode(members.statusCode) }
    note(.responseTime) { () throws(FieldProblem) in _ = try decoder.responseTime(members.responseTime) }
    note(.timestamp) { () throws(FieldProblem) in
      let milliseconds = try decoder.timestamp(members.timestamp)
      guard let miss = window.miss(of: milliseconds, now: now) else { return }
      throw FieldProblem(field: .timestamp, found: miss.description, allowed: window.allowed)
    }
    note(.eventID) { () throws(FieldProblem) in _ = try decoder.eventID(members.eventID) }
    sawEventID = decoder.sawEventID
    return found
  }

  func invalid(_ ordinal: Int, _ problem: FieldProblem, raw: Range<Int>) -> TrackedEvent {
    TrackedEvent(ordinal: ordinal, outcome: .invalid(problem), raw: Array(scanner.bytes[raw]))
  }

  private mutating func request(_ members: TrackMembers) throws(FieldProblem) -> TrackedRequest {
    if let repeated = members.repeated {
      throw FieldProblem(field: repeated, found: "it twice", allowed: "each field once")
    }
    let (endpoint, template) = try endpoint(members.endpoint)
    return TrackedRequest(
      endpoint: endpoint, template: template, method: try method(members.method),
      statusCode: try statusCode(members.statusCode),
      responseTimeNanoseconds: try responseTime(members.responseTime),
      timestampMilliseconds: try timestamp(members.timestamp), eventID: try eventID(members.eventID))
  }

  /// Pins a string's flaw on the field it is in, or on the event when that is a field we do not know.
  private func problem(_ flaw: JSONTextFlaw, in members: TrackMembers) -> FieldProblem {
    let field = members.ofEvent.first { $0.1.start <= flaw.offset && flaw.offset < $0.1.end }?.0
    return FieldProblem(field: field, found: flaw.found(in: scanner.bytes), allowed: flaw.allowed)
  }
}

extension JSONTextFlaw {
  var allowed: String {
    switch kind {
    case .invalidUTF8: "UTF-8"
    case .loneSurrogate: "surrogate escapes in pairs, such as \\ud83d\\ude00"
    }
  }

  func found(in bytes: UnsafeBufferPointer<UInt8>) -> String {
    switch kind {
    case .invalidUTF8: "the byte 0x\(String(bytes[offset], radix: 16, uppercase: true)), which is no UTF-8 here"
    case .loneSurrogate: "\(PrintableText.of(bytes[offset..<min(offset + 6, bytes.count)])) without its partner"
    }
  }
}
