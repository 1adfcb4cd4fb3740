import Domain
public import Foundation

/// Some tracked requests of one call and one calendar month.
public struct TelemetryUnit: Sendable {
  /// Whose they are.
  public var source: TelemetrySource
  /// `2026-11`, UTC, by the requests' own timestamps.
  public var month: String
  /// The requests' canonical JSON, comma-separated, in UTF-8.
  public var data: [UInt8] = []
  /// How many `data` holds.
  public var count = 0
  /// Their places in the call, where those are not 0, 1, 2, …
  public var ordinals: [Int]?
  /// Places in the call of requests whose timestamp lies outside the acceptance window now, but may have been accepted before.
  public var outside: [Int] = []
  /// Requests of the call that were turned away unread, for the tally.
  public var invalid = 0
  /// Requests of the call that repeat another one of the same call, for the tally.
  public var repeated = 0
  /// The id the call brought.
  public var identity: Identity?

  /// How a call is recognised when it comes again.
  public enum Identity: Sendable {
    /// One request with its own id.
    case event(UUID, digest: Int64)
    /// Many requests under one id; each is known by its place.
    case batch(UUID, digest: Int64)
  }

  /// A unit with nothing in it yet.
  public init(source: TelemetrySource, month: String) {
    self.source = source
    self.month = month
  }
}

extension AppendUnit {
  /// Telemetry as the log wants it.
  public init(_ telemetry: TelemetryUnit) {
    var unit = JSONBytes()
    var control = JSONBytes()
    unit.string("type", "request_tracked")
    unit.number("version", 1)
    unit.members(telemetry.source.json)
    unit.string("month", telemetry.month)
    control.members(telemetry.source.json)
    control.string("month", telemetry.month)
    control.number("given", telemetry.count)
    control.bool("metered", telemetry.source.mode == .live)
    if let (name, id, digest) = telemetry.identity?.parts {
      unit.string(name, id)
      control.string("scope", telemetry.source.projectID)
      control.string("id", id)
      control.number("digest", digest)
      identity = Identity(scope: telemetry.source.projectID, id: id)
    }
    if let ordinals = telemetry.ordinals {
      unit.array("ordinals", ordinals)
      control.array("ordinals", ordinals)
    }
    if !telemetry.outside.isEmpty { control.array("outside", telemetry.outside) }
    if telemetry.invalid > 0 { control.number("invalid", telemetry.invalid) }
    if telemetry.repeated > 0 { control.number("repeated", telemetry.repeated) }
    unit.array("data", elements: telemetry.data)
    text = unit.object()
    self.control = control.object()
    count = telemetry.count
  }
}

extension TelemetryUnit.Identity {
  fileprivate var parts: (name: StaticString, id: UUID, digest: Int64) {
    switch self {
    case .event(let id, let digest): ("event_id", id, digest)
    case .batch(let id, let digest): ("batch_id", id, digest)
    }
  }
}

extension UUID {
  /// As PostgreSQL prints it.
  var lowercase: String { uuidString.lowercased() }
}
