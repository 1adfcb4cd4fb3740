import Foundation
import TestDatabase
import Testing

@testable import Application
@testable import Domain
@testable import Server

/// Priority support: whoever pays for it finds the way to it on every page, and nobody else is told of one that is not theirs, or not there.
@Suite struct SupportTests {
  private static let address = EmailAddress("help+now@example.com")

  @Test func everyPageAboutABusinessAccountHasTheAddressAndAReference() async throws {
    try await Service.with(support: Self.address) { service in
      let (browser, project) = try await service.browsing(project: "shop")
      let pages = ["/projects", "/projects/\(project)", "/billing", "/home", "/billing/2020-01"]
      for page in pages { #expect(try await !browser.get(page).text.contains("help+now"), "Free: \(page)") }
      let account = try #require(UUID(uuidString: try await browser.get("/projects").text.hidden("account")))
      try await ChangeTier(log: service.test.log)(account, to: .business)
      try await service.catchUp()
      let reference = account.text.suffix(8).uppercased()
      for page in pages {
        let text = try await browser.get(page).text
        #expect(text.contains("reference \(reference)") && text.contains(">help+now@example.com</a>"), "\(page)")
        #expect(text.contains("mailto:help+now@example.com?subject=%5BBusiness%20\(reference)%5D%20"), "\(page)")
      }
      #expect(try await !browser.get("/docs").text.contains("help+now"), "which is about no account")
      #expect(try await browser.get("/billing").text.contains("priority support"))
    }
  }

  @Test func whereTheOperatorHasSetNoneItIsNotSold() async throws {
    try await Service.with { service in
      let (browser, _) = try await service.browsing(project: "shop")
      for page in ["/", "/billing"] {
        #expect(try await !browser.get(page).text.lowercased().contains("priority support"), "\(page)")
      }
    }
  }
}
