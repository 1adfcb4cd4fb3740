import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Given what happened to a project, when a link to its numbers is shared or revoked, then this follows.
@Suite struct LinkTests {
  private let id = UUID()
  private let account = UUID()
  private let link = UUID()
  private let now: Instant = 1_764_000_000_000

  private func given(_ commands: Project.Command...) throws -> Project {
    var project = Project()
    for command in [.create(id: id, accountID: account, name: "shop")] + commands {
      for event in try project.decide(command) { project.evolve(event) }
    }
    return project
  }

  private func request(
    _ id: UUID = UUID(), name: String = "board", filters: LinkFilters = LinkFilters(), expiresAt: Instant? = nil
  ) -> Project.LinkRequest {
    Project.LinkRequest(
      id: id, name: name, mode: .test, filters: filters, hint: "sl_abcd…wxyz", hash: "00", expiresAt: expiresAt)
  }

  @Test func aLinkShowsForGoodWhatItWasMadeFor() throws {
    var filters = LinkFilters()
    filters.status = "5xx"
    let end = now + .days(1)
    let made = request(link, filters: filters, expiresAt: end)
    let events = try given().decide(.shareLink(made, at: now))
    #expect(
      events == [
        .linkShared(
          LinkShared(
            linkID: link, projectID: id, accountID: account, name: "board", mode: .test, filters: filters,
            hint: "sl_abcd…wxyz", hash: "00", expiresAt: end))
      ])
    let known = try #require(try given(.shareLink(made, at: now)).links[link])
    #expect(known.mode == .test && known.filters == filters && known.name == "board")
    #expect(known.status(at: end - .milliseconds(1)) == .active && known.status(at: end) == .expired)
  }

  @Test func aLinkIsSharedOnce() throws {
    let project = try given(.shareLink(request(link), at: now))
    #expect(throws: Project.Failure.linkAlreadyShared(link)) { try project.decide(.shareLink(request(link), at: now)) }
  }

  @Test func whatWontDoIsRefused() throws {
    let project = try given()
    for expiry in [now, now - .days(1), now + .days(Project.maximumExpiryDays) + .milliseconds(1)] {
      #expect(throws: Project.Failure.badExpiry(maximumDays: Project.maximumExpiryDays)) {
        try project.decide(.shareLink(request(expiresAt: expiry), at: now))
      }
    }
    for name in ["", " ", "a\nb", "a\u{202E}b", String(repeating: "x", count: 101)] {
      #expect(throws: Project.Failure.badName(maximumCharacters: 100)) {
        try project.decide(.shareLink(request(name: name), at: now))
      }
    }
    var filters = LinkFilters()
    filters.consumer = String(repeating: "é", count: 1_025)
    #expect(throws: Project.Failure.linkFilterTooLong(maximumBytes: 2_048)) {
      try project.decide(.shareLink(request(filters: filters), at: now))
    }
    #expect(throws: Project.Failure.notCreated) { try Project().decide(.shareLink(request(), at: now)) }
  }

  @Test func aHundredWorkAtATimeAndThoseThatEndedAreNotAmongThem() throws {
    var project = try given(.shareLink(request(link, expiresAt: now + .days(1)), at: now))
    for _ in 1..<Project.maximumWorkingLinks {
      for event in try project.decide(.shareLink(request(), at: now)) { project.evolve(event) }
    }
    #expect(throws: Project.Failure.tooManyLinks(maximum: 100)) { try project.decide(.shareLink(request(), at: now)) }
    #expect(try project.decide(.shareLink(request(), at: now + .days(1))).count == 1, "one has expired")
    for event in try project.decide(.revokeLink(link)) { project.evolve(event) }
    #expect(try project.decide(.shareLink(request(), at: now)).count == 1, "one was revoked")
  }

  @Test func aLinkIsRevokedOnceInTheArchiveToo() throws {
    let project = try given(.shareLink(request(link), at: now), .archive)
    #expect(throws: Project.Failure.archived) { try project.decide(.shareLink(request(), at: now)) }
    let revoked = [Project.Event.linkRevoked(LinkRevoked(linkID: link, projectID: id, accountID: account))]
    #expect(try project.decide(.revokeLink(link)) == revoked)
    let after = try given(.shareLink(request(link), at: now), .revokeLink(link))
    #expect(try after.decide(.revokeLink(link)) == [] && after.links[link]?.status(at: now) == .revoked)
    let other = UUID()
    #expect(throws: Project.Failure.noSuchLink(other)) { try project.decide(.revokeLink(other)) }
  }
}
