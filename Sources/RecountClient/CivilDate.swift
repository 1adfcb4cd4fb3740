/// A day of the proleptic Gregorian calendar, and its number counted from 1970-01-01.
///
/// The arithmetic counts years from March, so that the leap day comes last, in eras of 400 years: see Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms". Foundation's calendar takes microseconds for each line of a log.
package struct CivilDate: Sendable, Hashable {
  package let year: Int64
  package let month: Int64
  package let day: Int64

  /// `nil` for a day that the calendar doesn't have.
  package init?(year: Int64, month: Int64, day: Int64) {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    self.init(unchecked: year, month, day)
    guard CivilDate(daysSince1970: daysSince1970) == self else { return nil }
  }

  package init(daysSince1970: Int64) {
    let (era, dayOfEra) = (daysSince1970 + 719_468).floorDivided(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    self.init(
      unchecked: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  package var daysSince1970: Int64 {
    let (era, yearOfEra) = (year - (month <= 2 ? 1 : 0)).floorDivided(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private init(unchecked year: Int64, _ month: Int64, _ day: Int64) {
    (self.year, self.month, self.day) = (year, month, day)
  }
}

extension Int64 {
  /// Quotient and remainder with the remainder in 0..<divisor, also for times before 1970.
  func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
