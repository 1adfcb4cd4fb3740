import Domain
import Foundation
import Testing

@testable import Application

/// The table of notices, held against what it must be in step with.
@Suite struct NoticeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let templates = root.appending(path: "Sources/Application/MailTemplates")
  private static let base = "https://recount.example.com"

  private func template(_ name: String) throws -> String {
    try String(contentsOf: Self.templates.appending(path: "\(name).mustache"), encoding: .utf8)
  }

  @Test func everyNoticeHasATemplateAndEveryTemplateANotice() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.templates.path)
    #expect(
      Set(names) == Set(((Notice.all + [Notice.more]).map(\.name) + MailWording.layouts).map { "\($0).mustache" }))
    #expect(Set(Notice.all.map(\.name)).count == Notice.all.count)
  }

  @Test(arguments: Notice.all + [Notice.more]) func aTemplateUsesTheFactsThatItsNoticeTellsAndNoOthers(notice: Notice)
    throws
  {
    let used = Set(try template(notice.name).matches(of: /{{([a-z_]+)}}/).map { String($0.output.1) })
    #expect(used.subtracting(["base"]) == Set(notice.says))
    #expect(notice.says.count == Set(notice.says).count)
  }

  /// From events as EventSchemas has them: a notice that picks none of them, or a fact that they don't bring, shows here.
  @Test(arguments: Notice.all) func everyNoticeIsToldOfSomeEventAndWritten(notice: Notice) throws {
    let tellings = try SampleEvent.all(of: notice.type, in: Self.root.appending(path: "EventSchemas"))
      .compactMap { try notice.telling(of: $0) }
    let telling = try #require(tellings.first, "no \(notice.type) is what \(notice.name) tells of")
    #expect(telling.recipients != nil)
    #expect(telling.facts.keys.sorted() == notice.says.sorted())
    #expect((telling.token != nil) == (notice.link != nil) && (telling.expiry != nil) == (notice.link != nil))
    let action = notice.link.map { MailAction($0, token: "TOKEN", base: Self.base) }
    let words = try MailWording().words(notice, telling.facts, base: Self.base, action: action)
    for text in [words.text, words.html] {
      #expect(text.contains("TOKEN") == (notice.link != nil))
      #expect(!text.contains("{{") && !text.contains("\n--\n"))
    }
    #expect(!words.subject.text.isEmpty && words.html.contains(words.subject.text))
    #expect(
      (try template(notice.name).contains("\n--\n")) == (notice.link != nil), "a place for the link, if there is one")
  }

  @Test(arguments: Notice.all + [Notice.more]) func noFactCanBreakOutOfItsPlace(notice: Notice) throws {
    let evil = FactValue.text("<script>alert(1)</script>\n\n--\n\n\"'&")
    let facts = Dictionary(uniqueKeysWithValues: notice.says.map { ($0, evil) })
    let words = try MailWording().words(
      notice, facts, base: Self.base, action: notice.link.map { MailAction($0, token: "TOKEN", base: Self.base) })
    #expect(!words.html.contains("<script>"))
    #expect(!words.text.contains("\n--\n"))
    #expect(words.subject.text.contains("\n") == false)
  }

  /// A mail that lies about keeps its links: what is changed here breaks those that were sent.
  @Test func linksStayWhatTheyWere() {
    let links = Dictionary(
      uniqueKeysWithValues: Notice.all.compactMap { notice in
        notice.link.map { (notice.name, "\($0.page) \($0.call) \($0.purpose)") }
      })
    #expect(
      links == [
        "verify_email": "/verify /api/v1/auth/verify verify_email",
        "reset_password": "/reset-password /api/v1/auth/reset reset_password",
        "set_password": "/reset-password /api/v1/auth/reset set_password",
        "change_email": "/change-email /api/v1/me/email/confirm change_email",
        "invitation": "/invitation /api/v1/invitations/accept invitation",
      ])
  }
}

extension Notice: CustomTestStringConvertible {
  /// Its name.
  package var testDescription: String { name }
}

/// Events made of their schema: one for each combination of words that it allows, the rest any value of its kind.
private enum SampleEvent {
  static func all(of type: String, in folder: URL) throws -> [LoggedEvent] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let version = try #require((1...9).last { names.contains("\(type).v\($0).json") })
    let schema = try JSONSerialization.jsonObject(
      with: Data(contentsOf: folder.appending(path: "\(type).v\(version).json")))
    let properties = try #require((schema as? [String: Any])?["properties"] as? [String: [String: Any]])
    var samples: [[String: Any]] = [[:]]
    for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
      let values = try values(of: property, name)
      samples = samples.flatMap { sample in values.map { sample.merging([name: $0]) { $1 } } }
    }
    return try samples.map { sample in
      LoggedEvent(
        shard: 0, position: 1, recordedAt: Instant(milliseconds: 1_795_516_200_000), type: type, stream: nil,
        accountID: UUID(), month: "2026-11",
        data: String(decoding: try JSONSerialization.data(withJSONObject: sample), as: UTF8.self))
    }
  }

  private static func values(of property: [String: Any], _ name: String) throws -> [Any] {
    if let words = property["enum"] as? [Any] { return words }
    if let constant = property["const"] { return [constant] }
    // What may be null: of what it is otherwise.
    if let kinds = property["anyOf"] as? [[String: Any]] {
      return try kinds.filter { $0["type"] as? String != "null" }.flatMap { try values(of: $0, name) }
    }
    let types =
      (property["type"] as? [String])?.filter { $0 != "null" } ?? [property["type"] as? String].compactMap(\.self)
    switch (types.first, property["format"] as? String) {
    case ("string", "uuid"): return [UUID().uuidString.lowercased()]
    // Less than there is, and all of it.
    case ("integer", _): return (name == "used" ? [800] : []) + [1_795_516_200_000]
    case ("boolean", _): return [true]
    case ("array", _): return [[Any]()]
    case ("string", _): return ["c2VhbGVk"]
    case let other: throw UnknownProperty(description: "\(other)")
    }
  }

  private struct UnknownProperty: Error { let description: String }
}
