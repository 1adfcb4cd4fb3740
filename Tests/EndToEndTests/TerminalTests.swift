import Foundation
import Logging
import Synchronization
import Testing

@testable import recount

@Suite struct TerminalTests {
  private static let hostile = "x\u{1B}]0;owned\u{7}\u{9B}2J\n\u{202E}y"
  private static let shown = #"x\u{1b}]0;owned\u{7}\u{9b}2J\u{a}\u{202e}y"#

  @Test func whatIsInterpolatedIsForeignAndWhatIsWrittenIsOurs() {
    let fit: TerminalText = "ours: \(Self.hostile)\n"
    #expect(fit.text == "ours: \(Self.shown)\n")
    #expect(("\(fit)end" as TerminalText).text == "ours: \(Self.shown)\nend")
    #expect(TerminalText(lines: ["a", Self.hostile]).text == "a\n\(Self.shown)")
  }

  @Test func aLogLineIsOneLineWhateverItQuotes() {
    final class Lines: TextOutputStream, Sendable {
      let text = Mutex("")
      func write(_ string: String) { text.withLock { $0 += string } }
    }
    struct Failed: CustomStringConvertible {
      let description: String
    }
    let lines = Lines()
    var logger = Logger(label: "test") { TerminalLogHandler(StreamLogHandler(label: $0, stream: lines)) }
    logger[metadataKey: "held"] = "\(Self.hostile)"
    logger.warning(
      "said \(Self.hostile)",
      metadata: ["given": ["\(Self.hostile)", .stringConvertible(Failed(description: Self.hostile))]])
    let text = lines.text.withLock { $0 }
    #expect(text.components(separatedBy: Self.shown).count >= 3, "\(text)")
    #expect(text.unicodeScalars.count { $0.properties.generalCategory == .control } == 1, "the line's end alone")
  }
}
