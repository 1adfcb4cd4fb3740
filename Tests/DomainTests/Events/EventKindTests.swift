import Foundation
import Testing

@testable import Domain

/// The table of event kinds against what else speaks of them.
@Suite struct EventKindTests {
  private static let repository = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: repository.appending(path: path), encoding: .utf8)
  }

  @Test func eachKindHasOneSchemaAVersionAndNoSchemaIsOfAnythingElse() throws {
    let folder = Self.repository.appending(path: "EventSchemas").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
    let kinds = EventKind.all.flatMap { kind in (1...kind.version).map { "\(kind.type).v\($0).json" } }
    #expect(files.sorted() == kinds.sorted())
  }

  /// An event that is in no table can't be recorded; that it is in none should not be found out then.
  @Test func eachStructOfEventDataStandsInTheTableOfOneAggregate() throws {
    let folder = Self.repository.appending(path: "Sources/Domain").path
    let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    let declared = try files.filter { $0.hasSuffix(".swift") }.flatMap { file in
      try Self.text("Sources/Domain/\(file)").matches(of: /struct (\w+): EventData/).map { String($0.1) }
    }
    #expect(!declared.isEmpty)
    #expect(EventKind.aggregates.flatMap { Self.payloads($0) }.sorted() == declared.sorted())
  }

  private static func payloads<E: RecordedEvent>(_: E.Type) -> [String] { E.cases.map { "\($0.payload)" } }

  @Test func theSecurityProjectionTakesThoseThatAreSaidToBeRelevantAndNoOthers() throws {
    let sql = try Self.text("Projections/security/apply.sql")
    let list = try #require(sql.firstMatch(of: /WHERE u\.type IN \(([^)]*)\)/)?.1)
    let taken = list.matches(of: /'(\w+)'/).map { String($0.1) }
    #expect(taken.sorted() == EventKind.all.filter(\.isSecurityRelevant).map(\.type).sorted())
  }

  @Test(arguments: [
    ("id", "id"), ("accountID", "account_id"), ("exceptSessionID", "except_session_id"), ("bodySHA", "body_sha"),
    ("requestsPerSecond", "requests_per_second"), ("from", "from"),
  ]) func membersAreNamedAsInSwiftButInSnakeCase(name: String, member: String) {
    #expect(EventCoding.snakeCase(name) == member)
    #expect(EventCoding.camelCase(member) == name)
  }

  @Test func anEventThatItsTableLacksIsNotRead() throws {
    #expect(try Account.Event.decode("project_created", from: Array("{}".utf8)) == nil)
    #expect(throws: DecodingError.self) { try Account.Event.decode("account_closed", from: Array("{}".utf8)) }
  }
}
