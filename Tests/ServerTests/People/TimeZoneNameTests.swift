import Foundation
import Testing

@testable import Application
@testable import Server

@Suite struct TimeZoneNameTests {
  private static let database = "/usr/share/zoneinfo/tzdata.zi"

  @Test(arguments: [
    "Asia/Kolkata", "Asia/Calcutta", "Etc/UTC", "US/Pacific", "Asia/Saigon", "Asia/Ho_Chi_Minh", "Europe/Kyiv",
    "Europe/Kiev",
    "America/Argentina/Buenos_Aires", "UTC", "GMT", "Etc/GMT+5", "Europe/Berlin",
  ])
  func aNameOfTheDatabaseIsOne(name: String) {
    #expect(TimeZoneName.isOne(name))
  }

  @Test(arguments: [
    "", "PST", "ACT", "GMT+5", "GMT+0500", "UTC+3", "SystemV/EST5", "Etc/Unknown", "asia/kolkata", "America/New_york",
    "Mars/Olympus", "../etc/passwd", "Europe/Berlin ", "Europe/",
  ])
  func anotherIsNone(name: String) {
    #expect(!TimeZoneName.isOne(name))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: database), "needs \(database)"))
  func everyNameThatTheSystemsDatabaseHasIsOne() throws {
    let lines = try String(contentsOfFile: Self.database, encoding: .utf8).split(separator: "\n")
    let names = lines.map { $0.split(separator: " ") }.compactMap { fields in
      switch fields.first {
      case "Z": String(fields[1])
      case "L": String(fields[2])
      default: nil
      }
    }
    #expect(names.count > 500)
    #expect(names.filter { !TimeZoneName.isOne($0) } == [])
  }
}
