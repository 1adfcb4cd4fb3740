public import Domain
public import Foundation

/// Whose telemetry it is: what a key stands for.
public struct TelemetrySource: Sendable, Hashable {
  /// The tenant that pays.
  public var accountID: UUID
  /// The project tracked.
  public var projectID: UUID
  /// The key used.
  public var keyID: UUID
  /// Live events are metered, test events are not.
  public var mode: KeyMode

  /// Whose telemetry it is.
  public init(accountID: UUID, projectID: UUID, keyID: UUID, mode: KeyMode) {
    self.accountID = accountID
    self.projectID = projectID
    self.keyID = keyID
    self.mode = mode
  }
}

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
  /// Telemetry as the log wants it. Built as text, not through an encoder: this runs for every request tracked.
  public init(_ telemetry: TelemetryUnit) {
    let source = telemetry.source
    let shared =
      "\"account_id\":\"\(source.accountID.lowercase)\",\"project_id\":\"\(source.projectID.lowercase)\","
      + "\"key_id\":\"\(source.keyID.lowercase)\",\"mode\":\"\(source.mode.rawValue)\",\"month\":\"\(telemetry.month)\""
    var text = "{\"type\":\"request_tracked\",\"version\":1,\(shared)"
    var control = "{\(shared),\"given\":\(telemetry.count),\"metered\":\(source.mode == .live)"
    switch telemetry.identity {
    case .event(let id, let digest):
      text += ",\"event_id\":\"\(id.lowercase)\""
      control += ",\"scope\":\"\(source.projectID.lowercase)\",\"id\":\"\(id.lowercase)\",\"digest\":\(digest)"
      identity = Identity(scope: source.projectID, id: id)
    case .batch(let id, let digest):
      text += ",\"batch_id\":\"\(id.lowercase)\""
      control += ",\"scope\":\"\(source.projectID.lowercase)\",\"id\":\"\(id.lowercase)\",\"digest\":\(digest)"
      identity = Identity(scope: source.projectID, id: id)
    case nil: break
    }
    if let ordinals = telemetry.ordinals {
      text += ",\"ordinals\":\(ordinals.json)"
      control += ",\"ordinals\":\(ordinals.json)"
    }
    if !telemetry.outside.isEmpty { control += ",\"outside\":\(telemetry.outside.json)" }
    if telemetry.invalid > 0 { control += ",\"invalid\":\(telemetry.invalid)" }
    if telemetry.repeated > 0 { control += ",\"repeated\":\(telemetry.repeated)" }
    control += "}"
    text += ",\"data\":["
    self.text = Array(text.utf8)
    self.text.reserveCapacity(self.text.count + telemetry.data.count + 2)
    self.text += telemetry.data
    self.text += "]}".utf8
    self.control = Array(control.utf8)
    count = telemetry.count
  }
}

extension UUID {
  /// As PostgreSQL prints it.
  var lowercase: String { uuidString.lowercased() }
}

extension [Int] {
  fileprivate var json: String { "[" + map(String.init).joined(separator: ",") + "]" }
}
