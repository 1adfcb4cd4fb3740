import Foundation
import Postgres

/// What became of one unit (`log.outcome`).
package struct UnitOutcome: Sendable, Equatable {
  /// Where its first accepted event stands; for a duplicate, the position it first got. Nil when nothing of it is in the log.
  package var position: Int64?
  /// Events that this append added.
  package var accepted: Int
  /// Events that had been accepted before.
  package var duplicates: Int
  /// Events that the month's quota left no room for.
  package var refused: Int
  /// The id was used before with another body: nothing was added.
  package var isConflict: Bool
  /// Which events were duplicates, by ordinal; nil when all or none were.
  package var duplicateOrdinals: [Int]?
  /// Which events were refused, by ordinal; nil when none were.
  package var refusedOrdinals: [Int]?
  /// The meter of its mode after this unit; nil for what isn't metered, and for an account without a quota.
  package var meter: MeterReading?
}

extension UnitOutcome {
  /// By index, in the order of `log.outcome`: a look-up by name would cost more than the rest, for every request tracked.
  init(row: Row) throws {
    accepted = Int(try row.decode(2, as: Int32.self))
    duplicates = Int(try row.decode(3, as: Int32.self))
    refused = Int(try row.decode(4, as: Int32.self))
    isConflict = try row.decode(5)
    position = accepted > 0 || duplicates > 0 ? try row.decode(1, as: Int64?.self) : nil
    duplicateOrdinals = try row.decode(6, as: [Int32]?.self)?.map(Int.init)
    refusedOrdinals = try row.decode(7, as: [Int32]?.self)?.map(Int.init)
    guard let quota = try row.decode(9, as: Int64?.self) else { return }
    meter = MeterReading(used: Int(try row.decode(8, as: Int64.self)), quota: Int(quota))
  }
}

/// An account's month at one moment.
package struct MeterReading: Sendable, Equatable {
  /// Events of a mode that the quota has used this month.
  package var used: Int
  /// Events of the mode allowed this month.
  package var quota: Int
}
