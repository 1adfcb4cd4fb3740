/// What the `data` of one event type holds, in the current schema version. EventSchemas/<type>.v<version>.json is its public
/// contract; older versions are lifted to this one as they are read (`upcast.sql`). ``EventCoding`` names its members.
package protocol EventData: Codable, Sendable, Equatable {
  /// What the event is, apart from its data.
  static var kind: EventKind { get }
}
