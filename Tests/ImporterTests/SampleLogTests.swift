import Foundation
import RecountClient
import Testing

@testable import Importer

/// The log that the README has a newcomer make, without any other file at hand.
@Suite struct SampleLogTests {
  private func sample(_ arguments: String...) throws -> String {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let process = Process()
    process.executableURL = root.appending(path: "tools/sample-log")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = try #require(String(data: output.fileHandleForReading.readDataToEndOfFile(), encoding: .utf8))
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return text
  }

  @Test func everyLineIsARequestOfTheLastMinutesThatTheImporterTakes() throws {
    let before = Date()
    let lines = try sample("--lines", "500", "--minutes", "3").split(separator: "\n")
    let events = try lines.map { try OpenStackFormat().parse(text: String($0)) }
    #expect(events.count == 500)
    let times = events.map(\.timestamp.milliseconds)
    #expect(times == times.sorted(), "in order")
    let earliest = Int64(before.timeIntervalSince1970 * 1000) - 181_000
    #expect(times.allSatisfy { $0 >= earliest && $0 <= Int64(Date().timeIntervalSince1970 * 1000) })
    #expect(Set(events.map(\.statusCode)).isSuperset(of: [200, 202, 204, 404]))
  }

  @Test func aSeedGivesTheSameRequestsAgain() throws {
    func requests(_ seed: String) throws -> [String] {
      try sample("--lines", "50", "--seed", seed).split(separator: "\n")
        .map { String($0.drop { $0 != "[" }) }
    }
    #expect(try requests("7") == requests("7"))
    #expect(try requests("7") != requests("8"))
  }
}
