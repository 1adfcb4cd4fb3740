import Foundation
import Testing

@testable import Application

@Suite struct SlackMessageTests {
  private func posted(_ message: SlackMessage) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(message.json)) as? [String: Any])
  }

  @Test func theThreeCharactersThatMeanSomethingAreEscapedAndNoOthers() throws {
    let message = SlackMessage(
      title: "<!channel> & <https://evil.example|pay>", paragraphs: ["*a* _b_ `c` \"d\" 'e' é 🙂"])
    #expect(
      message.text
        == "&lt;!channel&gt; &amp; &lt;https://evil.example|pay&gt;\n\n*a* _b_ `c` \"d\" 'e' é 🙂")
    let text = try #require(try posted(message)["text"] as? String)
    #expect(text == message.text)
  }

  @Test func aLongTextIsWholeInTextAndInSectionsNoLongerThanSlackTakes() throws {
    let long = String(repeating: "<&>🙂", count: 2_000)
    let message = SlackMessage(title: "Title", paragraphs: [long, "end"])
    #expect(message.sections.allSatisfy { $0.utf16.count <= SlackMessage.sectionLength && !$0.isEmpty })
    #expect(message.sections.joined() == "Title" + SlackMessage.escaped(long) + "end")
    // Nothing escaped is cut.
    #expect(message.sections.allSatisfy { !$0.contains(/&[a-z]*$/) && !$0.contains(/^[a-z]*;/) })
    let blocks = try #require(try posted(message)["blocks"] as? [[String: Any]])
    #expect(blocks.count == message.sections.count)
    #expect(blocks.allSatisfy { $0["type"] as? String == "section" })
    #expect(blocks.compactMap { ($0["text"] as? [String: Any])?["text"] as? String } == message.sections)
  }

  @Test func noMessageHasMoreBlocksThanSlackTakes() throws {
    let message = SlackMessage(title: "Title", paragraphs: (0..<200).map { "line \($0)" })
    #expect(message.sections.count <= 50 && message.text.contains("line 199"))
  }
}
