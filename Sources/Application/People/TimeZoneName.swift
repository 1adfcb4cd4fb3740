import Foundation

/// The names of the IANA time zone database.
package enum TimeZoneName {
  /// Whether it is one: a zone's, or an older spelling that still means one.
  ///
  /// `TimeZone.knownTimeZoneIdentifiers` leaves out a quarter of them, whatever the machine: all the links (Asia/Kolkata, which ICU
  /// spells Calcutta, US/Pacific), and Etc. What Foundation can resolve has all of them, and beside them only names of its own, which
  /// are without a slash or those of System V.
  package static func isOne(_ name: String) -> Bool {
    guard TimeZone(identifier: name) != nil else { return false }
    return name.contains("/") ? !name.hasPrefix("SystemV/") : plain.contains(name)
  }

  /// Those without a region: of before 1993, and no more are made.
  private static let plain: Set = [
    "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "Factory", "GB", "GB-Eire", "GMT", "GMT+0",
    "GMT-0",
    "GMT0", "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya",
    "MET", "MST",
    "MST7MDT", "NZ", "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey",
    "UCT",
    "UTC", "Universal", "W-SU", "WET", "Zulu",
  ]
}
