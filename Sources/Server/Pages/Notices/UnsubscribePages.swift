import Application
import Domain
import Hummingbird

/// Where the last line of a mail leads. To open it changes nothing, for programs open links, too: its button does.
struct UnsubscribePages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) {
    pages.get("/unsubscribe", for: .everybody) { page(TokenView($0.parameter("token"))) }
    pages.post("/unsubscribe", for: .everybody, unsubscribe)
  }

  private func page(_ view: TokenView) -> PageAnswer {
    PageAnswer.page("notices/unsubscribe", title: "No more mails of this kind", view, status: view.status).secret
  }

  private func unsubscribe(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      _ = try await DeclineNotices(people: site.people)(token: form["token"], from: call.client(site))
      return .seeOther(.logIn(), saying: .unsubscribed)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return page(TokenView(form["token"], complaint))
    }
  }
}
