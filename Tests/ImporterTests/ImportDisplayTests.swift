import RecountClient
import Synchronization
import Testing

@testable import Importer

@Suite struct ImportDisplayTests {
  private func shown(terminal: Bool, quiet: Bool, _ notices: [ImportNotice]) -> String {
    let text = Mutex("")
    let display = ImportDisplay(isTerminal: terminal, quiet: quiet) { part in text.withLock { $0 += part } }
    for notice in notices { display.show(notice) }
    display.finish()
    return text.withLock { $0 }
  }

  private let progress = ImportNotice.progress(
    ImportProgress(
      summary: {
        var summary = ImportSummary()
        summary.lines = 12_000
        summary.accepted = 11_000
        return summary
      }(), elapsed: .seconds(2), fraction: 0.5))

  @Test func aTerminalGetsABarThatIsRemovedAgain() {
    #expect(
      shown(terminal: true, quiet: false, [progress])
        == "\r\u{1B}[K[###############...............] 50% · 12,000 lines · 6,000/s · 00:02 left · 11,000 accepted\r\u{1B}[K"
    )
  }

  @Test func elsewhereAShortImportShowsNothing() {
    #expect(shown(terminal: false, quiet: false, [progress]) == "")
  }

  @Test func whatIsWrongWithALineIsShownAlsoWhenQuiet() {
    let notices = [progress, .sendsAgain, .unreadable(line: 7, reason: LineError("the line is empty"))]
    #expect(shown(terminal: true, quiet: true, notices) == "line 7 can't be read: the line is empty\n")
  }

  @Test func aHostileLineOrServerCannotActOnTheTerminal() {
    let error = #expect(throws: LineError.self) {
      try CombinedFormat().parse(ArraySlice("\u{1B}]0;x\u{7} [10/Oct/2000:13:55:36 -0700] \u{9B}2J\u{202E}\u{0}".utf8))
    }
    let reason = error ?? LineError("none")
    let server = ImportNotice.notCounted(line: 8, reason: "no\u{1B}[2J\rline 9 is fine")
    #expect(
      shown(terminal: false, quiet: false, [.unreadable(line: 7, reason: reason), server]) == """
        line 7 can't be read: no request in quotes after the time, found "\\u{9b}2J\\u{202e}\\u{0}"
        line 8 was not counted: no\\u{1b}[2J\\u{d}line 9 is fine

        """)
  }
}
