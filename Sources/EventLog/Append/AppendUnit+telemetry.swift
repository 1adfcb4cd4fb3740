import Domain
package import Foundation

/// Some tracked requests of one call and one calendar month.
package struct TelemetryUnit: Sendable {
  /// Whose they are.
  package var source: TelemetrySource
  /// `2026-11`, UTC, by the requests' own timestamps.
  package var month: String
  /// The requests' canonical JSON, comma-separated, in UTF-8.
  package var data: [UInt8] = []
  /// How many `data` holds.
  package var count = 0
  /// Their ordinals in the call, where those are not 0, 1, 2, …
  package var ordinals: [Int]?
  /// Ordinals of requests whose timestamp lies outside the acceptance window now, but may have been accepted before.
  package var outside: [Int] = []
  /// Requests of the call that were turned away because something was missing or not what it must be, for the tally.
  package var malformed = 0
  /// Those turned away because their timestamp lies outside the acceptance window and they bring no id, likewise.
  package var strayed = 0
  /// Those turned away because they bring the id of another one of the call with another body, likewise.
  package var conflicting = 0
  /// Requests of the call that repeat another one of the same call, for the tally.
  package var repeated = 0
  /// The id the call brought.
  package var identity: Identity?

  /// How a call is recognised when it comes again.
  package enum Identity: Sendable {
    /// One request with its own id.
    case event(UUID, digest: Int64)
    /// Many requests under one id; each is known by its ordinal.
    case batch(UUID, digest: Int64)
  }

  /// A unit with nothing in it yet.
  package init(source: TelemetrySource, month: String) {
    self.source = source
    self.month = month
  }
}

extension AppendUnit {
  /// Telemetry as the log wants it.
  package init(_ telemetry: TelemetryUnit) {
    control = telemetry.control
    count = telemetry.count
    account = telemetry.source.accountID
    identity = telemetry.identity.map { Identity(scope: telemetry.source.scope, id: $0.parts.id) }
    intake = IntakeFigures(telemetry)
    body = telemetry.isSingle ? .single(telemetry.single) : .whole(telemetry.text)
  }
}

extension TelemetryUnit {
  /// Whether it is one new event, known by its own id or by none.
  fileprivate var isSingle: Bool {
    if case .batch = identity { return false }
    return count == 1 && outside.isEmpty && ordinals == nil
  }

  fileprivate var single: SingleEvent {
    SingleEvent(source: source, month: month, id: identity?.parts.id, data: data)
  }

  fileprivate var control: [UInt8] {
    var control = JSONBytes()
    control.members(source.json)
    control.string("month", month)
    control.number("given", count)
    if let (id, digest) = identity?.parts {
      control.string("scope", source.scope)
      control.string("id", id)
      control.number("digest", digest)
    }
    if let ordinals { control.array("ordinals", ordinals) }
    if !outside.isEmpty { control.array("outside", outside) }
    if malformed + strayed + conflicting > 0 {
      control.number("invalid", malformed + strayed + conflicting)
      control.number("malformed", malformed)
      control.number("strayed", strayed)
      control.number("conflicting", conflicting)
    }
    if repeated > 0 { control.number("repeated", repeated) }
    return control.bytes
  }

  fileprivate var text: [UInt8] {
    var unit = JSONBytes()
    unit.kind(.requestTracked)
    unit.members(source.json)
    unit.string("month", month)
    if case .batch(let id, _) = identity { unit.string("batch_id", id) }
    if let ordinals { unit.array("ordinals", ordinals) }
    unit.array("data", elements: data)
    return unit.object()
  }
}

extension TelemetryUnit.Identity {
  fileprivate var parts: (id: UUID, digest: Int64) {
    switch self {
    case .event(let id, let digest), .batch(let id, let digest): (id, digest)
    }
  }
}

extension UUID {
  /// As PostgreSQL prints it.
  var lowercase: String { uuidString.lowercased() }
}
