import Domain
import Foundation
import HTTPTypes
import NIOCore
import TestDatabase
import Testing

@testable import EventLog
@testable import Server

/// What stands twice for good reasons says the same in both places.
@Suite struct OperationTests {
  @Test func theReceiptOfWhatWasAcceptedWholeIsWhatItsShapeWouldBe() throws {
    let now: Instant = 1_795_514_400_123
    let event =
      #"{"endpoint":"/","method":"GET","status_code":200,"response_time_ms":1,"timestamp":"2026-11-24T10:00:00Z"}"#
    let body = try TrackBody.decode(Array(event.utf8), now: now)
    let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
    let intake = Intake(body, source: source, now: now)
    let outcomes = intake.units.map { UnitOutcome(accepted: $0.count, duplicates: 0, refused: 0, isConflict: false) }
    let answer = TrackAnswer(intake, outcomes: outcomes, isSingle: true)
    #expect(String(buffer: answer.document) == String(decoding: TrackAnswer.receipt.json(answer).bytes, as: UTF8.self))
    let odd = TrackAnswer(intake, outcomes: outcomes, isSingle: true, ignored: ["colour"])
    #expect(String(buffer: odd.document).contains(#""ignored":["colour"]"#))
  }

  @Test func anAnswerIsWrittenAsItsMembersWouldBeInTheOrderOfTheirNames() {
    let one = Shape<Int>([
      .integer("z") { $0 }, .decimal("a\"b") { $0 > 1 ? "1.50" : nil }, .optional("m") { _ in nil },
    ])
    let many = Shape<[Int]>([
      .list("of", of: one) { $0 }, .optional("first", one) { $0.first }, .optionalList("none", of: one) { _ in nil },
      .integer("count") { $0.count },
    ])
    #expect(
      many.json([1, 2]).text
        == #"{"count":2,"first":{"a\"b":null,"z":1},"of":[{"a\"b":null,"z":1},{"a\"b":1.5,"z":2}]}"#)
    #expect(many.json([]).text == #"{"count":0,"of":[]}"#)
    #expect(one.json(3).text == JSONValue.object(one.members(3)).text)
  }

  @Test func whatATrackedCallMayHoldIsDescribedMemberByMember() throws {
    func names(_ schema: Schema) -> Set<String> {
      guard case .object(let members) = schema.members["properties"] else { return [] }
      return Set(members.keys)
    }
    let ofEvent = Set(TrackField.allCases.filter(\.member.isOfEvent).map(\.name))
    let all = Set(TrackField.allCases.map(\.name))
    #expect(names(TrackSchemas.event) == ofEvent)
    #expect(names(TrackSchemas.singleEvent).union(names(TrackSchemas.manyEvents)) == all.subtracting(ofEvent))
  }

  @Test func everyKindOfProblemHasItsPageAndOthersHaveNone() async throws {
    try await Service.with { service in
      for kind in Problem.Kind.allCases {
        let page = try await service.get("/problems/\(kind.rawValue)")
        #expect(page.status == 200)
        #expect(page["type"].string == "urn:recount:problem:\(kind.rawValue)")
        #expect(page["title"].string == kind.title)
        #expect(page["status"].integer == kind.status.code)
      }
      try await service.get("/problems/nothing").expectProblem("not-found", status: 404)
    }
  }
}
