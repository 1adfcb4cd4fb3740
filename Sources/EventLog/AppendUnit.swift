public import Foundation
import Postgres

/// What one caller appends: events that share type, stream and metadata, and what the append decides them by.
public struct AppendUnit: Sendable {
  /// The unit as the log will hold it, a JSON object without `position`, in UTF-8.
  public var text: [UInt8]
  /// What `log.decide()` reads, a JSON object in UTF-8.
  var control: [UInt8]
  /// How many events `text` holds.
  public var count: Int
  /// The scope and id that it is deduplicated by, if it brought one.
  public var identity: Identity?

  /// An id within its scope.
  public struct Identity: Hashable, Sendable {
    /// The project, for telemetry.
    public var scope: UUID
    /// The event's or the batch's own id.
    public var id: UUID

    /// An id within its scope.
    public init(scope: UUID, id: UUID) {
      self.scope = scope
      self.id = id
    }
  }

  /// Its share of memory while it waits, in bytes.
  var cost: Int { text.count + control.count }

  /// The call of `log.append()` for these units.
  static func query(_ units: [AppendUnit], shard: Int) -> Query {
    var controls: [UInt8] = [UInt8(ascii: "[")]
    controls.reserveCapacity(units.reduce(2) { $0 + $1.control.count + 1 })
    for (index, unit) in units.enumerated() {
      if index > 0 { controls.append(UInt8(ascii: ",")) }
      controls += unit.control
    }
    controls.append(UInt8(ascii: "]"))
    return Query(
      "SELECT * FROM log.append($1, $2, $3)",
      [Int32(shard), JSONText(controls), TextArray(units.map(\.text))])
  }
}
