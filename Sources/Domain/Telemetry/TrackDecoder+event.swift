extension TrackDecoder {
  /// One event of the places of its fields.
  mutating func event(
    _ ordinal: Int, _ places: TrackPlaces, raw: Range<Int>, flaw: JSONTextFlaw?
  ) -> TrackedEvent {
    do throws(FieldProblem) {
      if let flaw { throw problem(flaw, in: places) }
      let request = try request(places)
      let validity: TrackedEvent.Validity =
        if let miss = window.miss(of: request.timestamp, now: now) {
          .outsideWindow(request, miss)
        } else {
          .valid(request)
        }
      return TrackedEvent(ordinal: ordinal, validity: validity, raw: [])
    } catch {
      var problem = error
      problem.further = others(places, than: error.field)
      return invalid(ordinal, problem, raw: raw)
    }
  }

  /// What is wrong with the fields that were not come to, or that come after the first fault. Only an invalid event pays for it.
  private mutating func others(_ places: TrackPlaces, than first: TrackField?) -> [FieldProblem] {
    var found: [FieldProblem] = []
    var request = TrackedRequest()
    for field in toRead(places) where field != first {
      do throws(FieldProblem) {
        try read(field, places, into: &request)
        if field == .timestamp, let miss = window.miss(of: request.timestamp, now: now) {
          throw FieldProblem(field: field, found: miss.description, allowed: window.allowed)
        }
      } catch {
        found.append(error)
      }
    }
    return found
  }

  func invalid(_ ordinal: Int, _ problem: FieldProblem, raw: Range<Int>) -> TrackedEvent {
    TrackedEvent(ordinal: ordinal, validity: .invalid(problem), raw: Array(scanner.bytes[raw]))
  }

  private mutating func request(_ places: TrackPlaces) throws(FieldProblem) -> TrackedRequest {
    if let repeated = places.repeated {
      throw FieldProblem(field: repeated, found: "it twice", allowed: "each field once")
    }
    var request = TrackedRequest()
    for field in toRead(places) { try read(field, places, into: &request) }
    return request
  }

  @inline(__always)
  private mutating func read(
    _ field: TrackField, _ places: TrackPlaces, into request: inout TrackedRequest
  ) throws(FieldProblem) {
    switch field {
    case .endpoint: (request.endpoint, request.template) = try endpoint(places[.endpoint], of: places[.method])
    case .method: request.method = try method(places[.method])
    case .statusCode: request.statusCode = try statusCode(places[.statusCode])
    case .responseTime: request.responseTimeNanoseconds = try responseTime(places[.responseTime])
    case .timestamp: request.timestamp = try timestamp(places[.timestamp])
    case .consumer: request.consumer = try label(places[.consumer], .consumer)
    case .requestBytes: request.requestBytes = try bytes(places[.requestBytes], .requestBytes)
    case .responseBytes: request.responseBytes = try bytes(places[.responseBytes], .responseBytes)
    case .release: request.release = try label(places[.release], .release)
    case .error: request.error = try label(places[.error], .error)
    case .eventID: request.eventID = try eventID(places[.eventID])
    case .apiKey, .batchID, .sender, .events: break  // The call's: see `body`.
    }
  }

  /// The fields of an event that are there or must be. What may be absent costs nothing where it is.
  @inline(__always)
  private func toRead(_ places: TrackPlaces) -> TrackFields {
    places.present.intersection(table.ofEvent).union(table.required)
  }

  /// Pins a string's flaw on the field it is in, or on the event when that is a field we do not know.
  private func problem(_ flaw: JSONTextFlaw, in places: TrackPlaces) -> FieldProblem {
    let field = places.present.intersection(table.ofEvent).first { field in
      places[field].map { $0.start <= flaw.offset && flaw.offset < $0.end } ?? false
    }
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
