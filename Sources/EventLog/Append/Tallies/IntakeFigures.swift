/// What a tally needs to know of a unit of telemetry.
struct IntakeFigures: Sendable {
  /// Whose it is, and the month that it is metered in.
  let month: IntakeTallies.KeyMonth
  /// Events given to the log.
  let given: Int
  /// Events that had left the acceptance window: duplicates if the log knows them, else invalid.
  let outside: Int
  /// Events turned away unread: malformed, outside the acceptance window without an id, in conflict with another one of the same call.
  let malformed, strayed, conflicting: Int
  /// Events that repeat another of the same call.
  let repeated: Int

  init(_ unit: TelemetryUnit) {
    month = IntakeTallies.KeyMonth(source: unit.source, month: unit.month)
    given = unit.count
    outside = unit.outside.count
    (malformed, strayed, conflicting) = (unit.malformed, unit.strayed, unit.conflicting)
    repeated = unit.repeated
  }

  private var unread: Int { malformed + strayed + conflicting }

  /// Whether there is nothing in it for the log to decide.
  var asksNothing: Bool { given == 0 && outside == 0 }

  /// Whether all of it was accepted.
  func isAll(_ outcome: UnitOutcome) -> Bool { outcome.accepted == given && outside + unread + repeated == 0 }

  /// What of it was not accepted: `SQL/objects/append/consequences.sql` has the same sums, for what it writes itself.
  func rest(_ outcome: UnitOutcome) -> IntakeTallies.Counts {
    if outcome.isConflict {
      return IntakeTallies.Counts(
        duplicates: repeated, invalid: unread + given + outside, malformed: malformed, outsideWindow: strayed + outside,
        idConflicts: conflicting + given)
    }
    let late = outcome.duplicates - (given - outcome.accepted - outcome.refused)
    return IntakeTallies.Counts(
      duplicates: repeated + outcome.duplicates, refused: outcome.refused, invalid: unread + outside - late,
      malformed: malformed, outsideWindow: strayed + outside - late, idConflicts: conflicting)
  }
}
