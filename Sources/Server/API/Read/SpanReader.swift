import Application

/// What a call about traffic is about.
struct SpanReader: Sendable {
  let readers: Readers
  let clock: any WallClock

  /// A project that its reader may read, one of the modes that they may see, and a span.
  func span(_ call: Call) async throws -> TrafficSpan {
    let now = clock.now
    let reader = try await readers.reader(of: call.request, now: now)
    let project = try call.context.projectID
    let account = try await readers.account(of: project, for: reader)
    return TrafficSpan(
      project: project, of: account, mode: try reader.mode(try call(.mode)),
      range: try ReadParameters(call.request).range(now: now))
  }
}
