import Foundation
import Postgres

/// What became of one unit (`log.outcome`).
public struct Outcome: Sendable, Equatable {
  /// Where its first accepted event stands; for a duplicate, the position it first got. Nil when nothing of it is in the log.
  public var position: Int64?
  /// Events that this append added.
  public var accepted: Int
  /// Events that had been accepted before.
  public var duplicates: Int
  /// Events that the month's quota left no room for.
  public var refused: Int
  /// The id was used before with another body: nothing was added.
  public var isConflict: Bool
  /// Which events were duplicates, by their place in the call; nil when all or none were.
  public var duplicateOrdinals: [Int]?
  /// Which events were refused, by their place in the call; nil when none were.
  public var refusedOrdinals: [Int]?
  /// The meter after this unit; nil for what isn't metered.
  public var meter: MeterReading?
}

extension Outcome {
  init(row: Row) throws {
    accepted = try row.decode("accepted")
    duplicates = try row.decode("duplicates")
    refused = try row.decode("refused")
    isConflict = try row.decode("conflict")
    let position: Int64? = try row.decode("position")
    self.position = accepted > 0 || duplicates > 0 ? position : nil
    duplicateOrdinals = try row.decode("duplicate_ordinals", as: [Int32]?.self)?.map(Int.init)
    refusedOrdinals = try row.decode("refused_ordinals", as: [Int32]?.self)?.map(Int.init)
    guard let quota: Int64 = try row.decode("quota") else { return }
    meter = MeterReading(used: Int(try row.decode("used", as: Int64.self)), quota: Int(quota))
  }
}

/// An account's month at one moment.
public struct MeterReading: Sendable, Equatable {
  /// Live events accepted this month.
  public var used: Int
  /// Live events allowed this month.
  public var quota: Int
}
