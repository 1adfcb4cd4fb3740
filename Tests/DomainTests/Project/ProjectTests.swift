import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Given what happened to a project, when something is asked of it, then this follows.
@Suite struct ProjectTests {
  private let id = UUID()
  private let account = UUID()
  private let key = UUID()
  private let now: Instant = 1_764_000_000_000

  private func given(_ commands: Project.Command...) throws -> Project {
    var project = Project()
    for command in [.create(id: id, accountID: account, name: "shop")] + commands {
      for event in try project.decide(command) { project.evolve(event) }
    }
    return project
  }

  private func request(
    _ id: UUID = UUID(), name: String = "k", scopes: [KeyScope] = [.track], expiresAt: Instant? = nil
  ) -> Project.KeyRequest {
    Project.KeyRequest(
      id: id, name: name, mode: .test, scopes: scopes, hint: "sk_test_abcd…wxyz", hash: "00", expiresAt: expiresAt)
  }

  private func rotation(
    to successor: UUID = UUID(), grace: Duration = Project.defaultGrace, expiresAt: Instant? = nil
  ) -> Project.KeyRotation {
    Project.KeyRotation(
      successorID: successor, hint: "sk_test_efgh…wxyz", hash: "01", expiresAt: expiresAt, grace: grace)
  }

  @Test func aProjectIsRenamedOnlyToAnotherName() throws {
    let project = try given()
    #expect(
      try project.decide(.rename("store")) == [
        .renamed(ProjectRenamed(projectID: id, accountID: account, name: "store"))
      ])
    #expect(try project.decide(.rename("shop")) == [])
  }

  @Test(arguments: [
    "", "  ", String(repeating: "x", count: 101), "a\u{0}b", "a\nb", "a\u{9B}b", "a\u{202E}b", "\u{2066}a",
    "a\u{2028}b", "e" + String(repeating: "\u{301}", count: 100),
  ])
  func aNameThatNoTableOrMailCanShowIsRefused(name: String) throws {
    let project = try given()
    let failure = Project.Failure.badName(maximumCharacters: 100)
    #expect(throws: failure) { try project.decide(.rename(name)) }
    #expect(throws: failure) { try project.decide(.issueKey(request(name: name), at: now)) }
    #expect(throws: failure) { try Project().decide(.create(id: id, accountID: account, name: name)) }
  }

  @Test func anArchivedProjectChangesNoMoreButItsKeysCanBeRevoked() throws {
    let project = try given(.issueKey(request(key), at: now), .archive)
    for command in [.rename("x"), .issueKey(request(), at: now), .rotateKey(key, rotation(), at: now)]
      as [Project.Command]
    {
      #expect(throws: Project.Failure.archived) { try project.decide(command) }
    }
    #expect(try project.decide(.archive) == [])
    #expect(try project.decide(.revokeKey(key)).count == 1)
  }

  @Test func aProjectOutOfTheArchiveIsAsItWasBefore() throws {
    let before = try given(.issueKey(request(key), at: now))
    let after = try given(.issueKey(request(key), at: now), .archive, .unarchive)
    #expect(!after.isArchived && after.keys[key]?.works(at: now) == true)
    #expect(after.name == before.name && Set(after.keys.keys) == Set(before.keys.keys))
    #expect(try after.decide(.rename("store")).count == 1)
    #expect(try after.decide(.archive).count == 1)
  }

  @Test func unarchivingSaysSoOnceAndOfWhatIsArchivedOnly() throws {
    let archived = try given(.archive)
    #expect(try archived.decide(.unarchive) == [.unarchived(ProjectUnarchived(projectID: id, accountID: account))])
    #expect(try given(.archive, .unarchive).decide(.unarchive) == [])
    #expect(try given().decide(.unarchive) == [])
    #expect(throws: Project.Failure.notCreated) { try Project().decide(.unarchive) }
  }

  @Test func aKeyThatIsRevokedInTheArchiveStaysSo() throws {
    let project = try given(.issueKey(request(key), at: now), .archive, .revokeKey(key), .unarchive)
    #expect(project.keys[key]?.works(at: now) == false)
  }

  @Test func aKeyIsIssuedOnceWithEachScopeOnce() throws {
    let events = try given().decide(.issueKey(request(key, scopes: [.read, .track, .read]), at: now))
    guard case .keyIssued(let issued) = try #require(events.first) else {
      Issue.record("\(events)")
      return
    }
    #expect(issued.scopes == [.track, .read])
    #expect(throws: Project.Failure.keyAlreadyIssued(key)) {
      try given(.issueKey(request(key), at: now)).decide(.issueKey(request(key), at: now))
    }
    #expect(throws: Project.Failure.noScope) { try given().decide(.issueKey(request(scopes: []), at: now)) }
  }

  @Test func anExpiryLiesAheadAndWithinTenYears() throws {
    let project = try given()
    let last = now + .days(Project.maximumExpiryDays)
    for expiry in [now + .milliseconds(1), last] {
      #expect(try project.decide(.issueKey(request(expiresAt: expiry), at: now)).count == 1)
    }
    for expiry in [0, now, last + .milliseconds(1), .distantFuture, .distantPast] as [Instant] {
      #expect(throws: Project.Failure.badExpiry(maximumDays: 3_653)) {
        try project.decide(.issueKey(request(expiresAt: expiry), at: now))
      }
    }
  }

  @Test func aRotatedKeyWorksUntilItsGraceEnds() throws {
    let successor = UUID()
    let project = try given(
      .issueKey(request(key, name: "web", scopes: [.read]), at: now),
      .rotateKey(key, rotation(to: successor, grace: .seconds(5)), at: now))
    let (old, new) = (try #require(project.keys[key]), try #require(project.keys[successor]))
    #expect(old.works(at: now + .milliseconds(4_999)))
    #expect(!old.works(at: now + .seconds(5)))
    #expect(old.successorID == successor)
    #expect(new.works(at: now + .seconds(5)))
    #expect([new.name] == ["web"] && new.scopes == [.read] && new.mode == .test)
    #expect(throws: Project.Failure.keyAlreadyRotated(key, successor: successor)) {
      try project.decide(.rotateKey(key, rotation(), at: now))
    }
    #expect(throws: Project.Failure.keyAlreadyIssued(successor)) {
      try project.decide(.rotateKey(key, rotation(to: successor), at: now))
    }
  }

  @Test(arguments: [.zero, Project.maximumGrace]) func aGraceIsNothingToSevenDays(grace: Duration) throws {
    let project = try given(.issueKey(request(key), at: now))
    #expect(try project.decide(.rotateKey(key, rotation(grace: grace), at: now)).count == 2)
    for wrong in [.milliseconds(-1), Project.maximumGrace + .milliseconds(1), .seconds(Int64.max), .seconds(Int64.min)]
    {
      #expect(throws: Project.Failure.badGrace(found: wrong, maximum: Project.maximumGrace)) {
        try project.decide(.rotateKey(key, rotation(grace: wrong), at: now))
      }
    }
  }

  @Test func aKeyThatWorksNoMoreIsNotRotated() throws {
    let revoked = try given(.issueKey(request(key), at: now), .revokeKey(key))
    #expect(throws: Project.Failure.keyDoesNotWork(key)) { try revoked.decide(.rotateKey(key, rotation(), at: now)) }
    let expiring = try given(.issueKey(request(key, expiresAt: now + .milliseconds(10)), at: now))
    #expect(throws: Project.Failure.keyDoesNotWork(key)) {
      try expiring.decide(.rotateKey(key, rotation(), at: now + .milliseconds(10)))
    }
    #expect(throws: Project.Failure.noSuchKey(id)) { try revoked.decide(.rotateKey(id, rotation(), at: now)) }
  }

  @Test func revokingTwiceIsTheSameAsOnce() throws {
    let project = try given(.issueKey(request(key), at: now))
    #expect(
      try project.decide(.revokeKey(key)) == [
        .keyRevoked(KeyRevoked(keyID: key, projectID: id, accountID: account))
      ])
    #expect(try given(.issueKey(request(key), at: now), .revokeKey(key)).decide(.revokeKey(key)) == [])
    #expect(throws: Project.Failure.noSuchKey(id)) { try project.decide(.revokeKey(id)) }
  }

  @Test func keysThatWorkNoMoreLeaveRoomForOthers() throws {
    var project = try given()
    for index in 0..<Project.maximumWorkingKeys {
      let expiry = index == 0 ? now + .milliseconds(1) : nil
      try project.decide(.issueKey(request(expiresAt: expiry), at: now)).forEach { project.evolve($0) }
    }
    #expect(throws: Project.Failure.tooManyKeys(maximum: 100)) { try project.decide(.issueKey(request(), at: now)) }
    #expect(try project.decide(.issueKey(request(), at: now + .milliseconds(1))).count == 1)
  }
}
