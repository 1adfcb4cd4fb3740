import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Voids, as the project decides them.
@Suite struct VoidTests {
  private static let (id, accountID, keyID, voidID) = (UUID(), UUID(), UUID(), UUID())
  private static let created = Project.Event.created(ProjectCreated(projectID: id, accountID: accountID, name: "shop"))

  private static func request(
    _ voidID: UUID = voidID, from: Instant = 1_000, to: Instant = 2_000, reason: String = "load test",
    givesBackQuota: Bool = false, counts: [VoidedCount] = [VoidedCount(month: "1970-01", keyID: keyID, events: 3)]
  ) -> Project.VoidRequest {
    Project.VoidRequest(
      id: voidID, mode: .live, from: from, to: to, reason: reason, givesBackQuota: givesBackQuota, uptoPosition: 9,
      counts: counts)
  }

  private static func voided(_ request: Project.VoidRequest) -> Project.Event {
    .telemetryVoided(
      TelemetryVoided(
        voidID: request.id, projectID: id, accountID: accountID, mode: request.mode, from: request.from,
        to: request.to, uptoPosition: request.uptoPosition, reason: request.reason,
        givesBackQuota: request.givesBackQuota, counts: request.counts))
  }

  @Test func aSpanThatCountsIsVoided() throws {
    let project = Project([Self.created])
    #expect(try project.decide(.voidTelemetry(Self.request())) == [Self.voided(Self.request())])
  }

  @Test func theSameCommandAgainChangesNothingWhateverWouldBeCountedNow() throws {
    let project = Project([Self.created, Self.voided(Self.request())])
    #expect(try project.decide(.voidTelemetry(Self.request(counts: []))) == [])
    #expect(throws: Project.Failure.voidIDTaken(Self.voidID)) {
      try project.decide(.voidTelemetry(Self.request(to: 2_001)))
    }
    #expect(throws: Project.Failure.voidIDTaken(Self.voidID)) {
      try project.decide(.voidTelemetry(Self.request(reason: "another")))
    }
    #expect(throws: Project.Failure.voidIDTaken(Self.voidID)) {
      try project.decide(.voidTelemetry(Self.request(givesBackQuota: true)))
    }
  }

  /// An owner's void of the last release gave back unasked.
  @Test func aVoidThatGaveBackIsTheSameWhenItIsSentAgainWithoutAskingForIt() throws {
    let project = Project([Self.created, Self.voided(Self.request(givesBackQuota: true))])
    for givesBack in [false, true] {
      #expect(try project.decide(.voidTelemetry(Self.request(givesBackQuota: givesBack))) == [])
    }
  }

  @Test func aSecondSpanMayOverlapTheFirst() throws {
    let project = Project([Self.created, Self.voided(Self.request())])
    let second = Self.request(UUID(), from: 1_500, to: 2_500)
    #expect(try project.decide(.voidTelemetry(second)) == [Self.voided(second)])
  }

  @Test(arguments: [
    (Self.request(from: 2_000, to: 2_000), Project.Failure.emptySpan),
    (Self.request(from: -1), .emptySpan),
    (Self.request(reason: " "), .badReason(maximumCharacters: 500)),
    (Self.request(reason: String(repeating: "x", count: 501)), .badReason(maximumCharacters: 500)),
    (Self.request(reason: "a\u{0}b"), .badReason(maximumCharacters: 500)),
    (Self.request(reason: "a\u{202E}b"), .badReason(maximumCharacters: 500)),
    (Self.request(counts: []), .nothingToVoid),
  ]) func whatCannotBeVoidedIsRefused(request: Project.VoidRequest, failure: Project.Failure) {
    #expect(throws: failure) { try Project([Self.created]).decide(.voidTelemetry(request)) }
    #expect(throws: Project.Failure.notCreated) { try Project().decide(.voidTelemetry(request)) }
  }
}
