extension TrackBody {
  /// Reads the body of a track call.
  ///
  /// - Faults of one event make that event `.invalid`: a missing, repeated or wrong field, a string that is no Unicode
  ///   text, an element that is no object, and an `event_id` in a call with a `batch_id`: a call's events
  ///   are recognised by one kind of id, or a retry under the other kind would count them again.
  /// - `timestamp` must be RFC 3339 text; a number is refused, for seconds and milliseconds cannot be told apart safely.
  /// - `status_code` must be an integer as written: `200.0` and `2e2` are refused.
  /// - A byte order mark at the start is passed over.
  /// - Fields we do not know are ignored, at both levels, but must be JSON and Unicode, and are named once.
  ///
  /// - Parameters:
  ///   - body: the bytes, decompressed.
  ///   - now: the server's clock.
  package static func decode(
    _ body: [UInt8], now: Instant, window: AcceptanceWindow = .standard, limits: TrackLimits = .standard
  ) throws(TrackBodyError) -> TrackBody {
    try body.withUnsafeBufferPointer { (bytes) throws(TrackBodyError) in
      try decode(bytes, now: now, window: window, limits: limits)
    }
  }

  /// The same, from bytes that are borrowed for the call, so that a server need not copy its buffer.
  package static func decode(
    _ body: UnsafeRawBufferPointer, now: Instant, window: AcceptanceWindow = .standard, limits: TrackLimits = .standard
  ) throws(TrackBodyError) -> TrackBody {
    try decode(body.assumingMemoryBound(to: UInt8.self), now: now, window: window, limits: limits)
  }

  private static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, now: Instant, window: AcceptanceWindow, limits: TrackLimits
  ) throws(TrackBodyError) -> TrackBody {
    guard bytes.count <= limits.bodyBytes else {
      throw .tooLarge(bytes: bytes.count, allowed: limits.bodyBytes)
    }
    return try withUnsafeTemporaryAllocation(of: JSONToken.self, capacity: TrackDecoder.placesNeeded) {
      (places) throws(TrackBodyError) in
      var decoder = TrackDecoder(bytes, places: places, now: now, window: window, limits: limits)
      return try decoder.body()
    }
  }
}
