import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// Files of queries, and what reads their rows.
@Suite(.timeLimit(.whatHangs)) struct QuestionTests {
  /// Projections/*/queries/*.sql
  private static var files: Set<QueryFile> {
    get throws {
      let manager = FileManager.default
      var files: Set<QueryFile> = []
      for projection in try manager.contentsOfDirectory(atPath: Recounted.projections.path) {
        let folder = Recounted.projections.appending(path: "\(projection)/queries").path
        guard manager.fileExists(atPath: folder) else { continue }
        for name in try manager.contentsOfDirectory(atPath: folder) where name.hasSuffix(".sql") {
          files.insert(QueryFile(projection, String(name.dropLast(4))))
        }
      }
      return files
    }
  }

  @Test func eachFileHasOneQuestionAndEachQuestionAFile() throws {
    let asked = QuestionList.all.map { $0.file }
    #expect(Set(asked).count == asked.count, "a file is read in two ways")
    #expect(try Set(asked) == Self.files)
  }

  @Test func allQuestionsFitTheReadModelsAsTheyAre() async throws {
    try await Recounted.with { recounted in
      try await recounted.catchUp()
      let check = try await recounted.questions.check()
      #expect(check.faults.map(\.description) == [])
      #expect(check.unbuilt == [])
    }
  }

  @Test func whatNobodyHasBuiltYetIsNoFault() async throws {
    try await Recounted.with { recounted in
      let nothing = try await recounted.questions.check()
      #expect(nothing.faults.map(\.description) == [])
      let asked = Set(QuestionList.all.map { "\($0.file)" }).subtracting(nothing.unbuilt)
      #expect(asked == ["traffic/queries/voided_of_account.sql"], "reads the log alone")
      try await recounted.catchUp(only: ["people"])
      let some = try await recounted.questions.check()
      #expect(some.faults.map(\.description) == [])
      #expect(!some.unbuilt.contains("people/queries/deletions_due.sql"))
    }
  }

  @Test func aColumnThatIsMissingOrOfAnotherTypeIsNamedWithWhatWasFoundAndWanted() async throws {
    try await Recounted.with { recounted in
      try await recounted.catchUp(only: ["people"])
      func change(_ sql: Query) async throws -> [String] {
        try await recounted.test.owner.query(sql)
        return try await recounted.questions.check().faults.map(\.description)
      }
      #expect(
        try await change("ALTER TABLE people.sessions ALTER COLUMN expires_at TYPE text") == [
          "people/queries/sessions_of_user.sql: can't be prepared: operator does not exist: text > timestamp with time zone"
        ])
      let other = try await change(
        """
        ALTER TABLE people.sessions ALTER COLUMN expires_at TYPE timestamptz USING now(),
          ALTER COLUMN started_at TYPE date
        """)
      #expect(
        other == [
          "people/queries/sessions_of_user.sql: column started_at: found the type of oid 1082, wanted timestamptz"
        ])
      let missing = try await change("ALTER TABLE people.sessions DROP COLUMN started_at")
      #expect(missing.count == 1)
      #expect(missing.first?.contains("started_at") == true)
    }
  }

  /// What is asked, as a file that the question does not fit would have it.
  private func fault(_ kind: any Question.Type, _ sql: String, _ recounted: Recounted) async throws -> String? {
    let description = try await recounted.test.owner.withConnection { try await $0.describe(sql) }
    do { try kind.check(against: description) } catch let fault as QuestionFault { return fault.description }
    return nil
  }

  @Test func aFileThatGivesOrTakesSomethingElseIsFoundOut() async throws {
    try await Recounted.with { recounted in
      let file = "directory/queries/project_of_account.sql"
      let cases = [
        ("SELECT $3::uuid AS project_id, $1::integer + 1, $2::uuid", nil),
        (
          "SELECT $3::uuid AS id, $1::integer AS n, $2::uuid AS a",
          "column project_id: found none of that name among a, id, n, wanted uuid"
        ),
        ("SELECT $3::uuid::text AS project_id, $1::integer, $2::uuid", "column project_id: found text, wanted uuid"),
        ("SELECT $2::uuid AS project_id, $1::integer", "found 2 parameters, wanted 3"),
        ("SELECT $3::uuid AS project_id, $1::bigint, $2::uuid", "$1: found bigint, wanted integer"),
      ]
      for (sql, said) in cases {
        let found = try await fault(ProjectOfAccountQuestion.self, sql, recounted)
        #expect(found == said.map { "\(file): \($0)" })
      }
    }
  }

  @Test func aMissingFileStopsWhoeverWouldAskIt() {
    #expect(throws: QueryCatalog.MissingQuery.self) {
      try QueryCatalog(folder: FileManager.default.temporaryDirectory).text(AccountQuestion.file)
    }
  }
}
