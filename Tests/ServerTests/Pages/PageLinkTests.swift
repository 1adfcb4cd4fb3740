import Application
import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// Links are made apart from the paths that are served: nothing but this holds the two together.
@Suite struct PageLinkTests {
  @Test(.timeLimit(.whatHangs)) func noLinkOfAPageLeadsNowhereAndNoFormIsSentThere() async throws {
    try await Service.analysing { shop in
      try await shop.track([EventText(shop.service.clock)])
      _ = try await shop.shareLink()
      // What every page links to is there within minutes of an installation's first event.
      try await CheckpointsJob(log: shop.service.test.log, keys: shop.service.signing).run(now: shop.service.clock.now)
      let served = try shop.service.served()
      let routes = RouteTable()
      let server = RecountServer(log: shop.service.test.log, projections: Service.projections, logger: Service.silent)
      routes.fill(from: try server.operations().router)
      var (found, seen, forms) = (["/", "/home"], Set<String>(), Set<String>())
      while let uri = found.popLast() {
        let path = String(uri.prefix { $0 != "?" && $0 != "#" })
        // One of each path, and of what differs in its query a few: not the same page in every period and zone.
        guard seen.insert(uri).inserted, seen.count(where: { $0.hasPrefix(path) }) <= 4 else { continue }
        let page = try await shop.browser.get(uri)
        #expect(page.status == 200 || page.status == 303, "\(uri): \(page.status) \(page.text.prefix(300))")
        guard page.header("Content-Type")?.hasPrefix("text/html") == true else { continue }
        found += Self.links(of: page.text).filter { !$0.hasPrefix("/api/") && !$0.hasPrefix("/docs/") }
        forms.formUnion(
          page.text.matches(of: /<form[^>]*method="post"[^>]*action="([^"]*)"/).map { String($0.output.1) })
      }
      #expect(seen.count > 20 && forms.count > 10, "\(seen.sorted()) \(forms.sorted())")
      for form in forms {
        #expect(routes.allowed(at: form)?.contains("POST") == true, "\(form)")
      }
      // Every page is led to by a link, but for those of mails and streams.
      let unlinked: Set = [
        "/verify", "/reset-password", "/change-email", "/invitation", "/unsubscribe", "/assets/{hash}/{name}",
        "/projects/{project_id}/live", "/docs/{id}", "/docs/problems/{kind}", "/log-in", "/sign-up",
        "/forgot-password", "/check-mail", "/shared/{token}", "/demo",
        // Where billing is set up.
        "/billing/return", "/billing/tier", "/billing/cancel",
      ]
      for page in served.pages where page.method == .get && !unlinked.contains(page.path) {
        let pattern = try Regex(page.path.replacing(/\{\w+\}/, with: "[^/?]+") + "([?#].*)?")
        #expect(seen.contains { $0.wholeMatch(of: pattern) != nil }, "no link leads to \(page.path)")
      }
    }
  }

  private static func links(of html: String) -> [String] {
    html.matches(of: /href="(\/[^"]*)"/).map { String($0.output.1).unescaped }
  }

  @Test func aSpaceThatAFormSendsIsASpaceAndAPlusAPlus() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track([
        EventText(clock).with("consumer", "\"my shop\""), EventText(clock).with("consumer", "\"a+b\""),
        EventText(clock),
      ])
      for (sent, calls) in [("my+shop", "1"), ("my%20shop", "1"), ("a%2Bb", "1"), ("a+b", "0")] {
        let page = try await shop.page("?consumer=\(sent)")
        #expect(try page.text.figure("Calls") == calls, "\(sent)")
      }
      let found = try await shop.page("?table=endpoints&search=GET+/v")
      #expect(found.status == 200 && !found.text.contains("GET+/v"))
    }
  }
}
