import Logging
import Testing

@testable import Application
@testable import Server

/// Errors that anyone can cause, a thousand times a second.
@Suite struct RateLimitedLogTests {
  private func logger(_ lines: LinesOfLog) -> Logger {
    Logger(label: "test") { _ in RateLimitedLog(lines.handler, second: .milliseconds(200)) }
  }

  @Test func aThousandOfAKindAreTwoLinesWithTheirCount() async throws {
    let lines = LinesOfLog()
    let logger = logger(lines)
    for number in 1...1_000 { logger.error("failed", metadata: ["number": "\(number)"]) }
    await until("the second line is there") { lines.lines.count >= 2 }
    #expect(lines.lines == ["failed number=1", "failed like_it_since=999 number=1000"])
  }

  @Test func oneKindHidesNoOther() async throws {
    let lines = LinesOfLog()
    let logger = logger(lines)
    for kind in ["a", "b", "a", "b"] { logger.error("failed", metadata: ["kind": "\(kind)"]) }
    logger.warning("something else")
    #expect(Set(lines.lines) == ["failed kind=a", "failed kind=b", "something else"])
    await until("those held are there") { lines.lines.count == 5 }
  }

  @Test func kindsMadeUpByTheThousandAreOne() async throws {
    let lines = LinesOfLog()
    let logger = Logger(label: "test") { _ in RateLimitedLog(lines.handler, second: .seconds(5)) }
    for kind in 0..<1_000 { logger.error("failed", metadata: ["kind": "\(kind)"]) }
    await until("the rest is there") { lines.lines.contains { $0.contains("like_it_since") } }
    #expect(lines.lines.count < 100)
  }

  @Test func whatIsNoWarningPasses() {
    let lines = LinesOfLog()
    var logger = logger(lines)
    logger.logLevel = .info
    for _ in 0..<10 { logger.info("told") }
    #expect(lines.lines.count == 10)
  }
}
