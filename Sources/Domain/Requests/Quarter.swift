/// Quarters of an hour since 1970: by them it is known where a project's requests lie, for every time zone begins its days on one.
package enum Quarter {
  /// How many milliseconds it is long.
  package static let milliseconds: Int64 = 900_000
  /// How many seconds it is long.
  package static let seconds = 900

  /// Where the quarter of a time begins, both in milliseconds since 1970.
  package static func start(of time: Int64) -> Int64 {
    time.dividedRoundingDown(by: milliseconds) * milliseconds
  }
}
