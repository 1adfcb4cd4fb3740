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
      return invalid(ordinal, error, raw: raw)
    }
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
