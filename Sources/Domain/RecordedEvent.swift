/// What the `data` of one event type holds, in the current schema version. EventSchemas/<type>.v<version>.json is its
/// public contract; older versions are lifted to this one as they are read (`upcast.sql`).
public protocol EventData: Codable, Sendable, Equatable {
  /// The event type, such as `project_created`.
  static var type: String { get }
  /// The current schema version.
  static var version: Int { get }
}

/// The events of one aggregate: a closed set of event types.
public protocol RecordedEvent: Sendable, Equatable {
  /// The event types that a stream of this aggregate can hold.
  static var types: [any EventData.Type] { get }
  /// Wraps the data of one of `types`; nil for any other.
  init?(_ data: any EventData)
  /// The data to be recorded.
  var data: any EventData { get }
}
