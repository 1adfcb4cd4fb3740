import Application
import Domain
import Hummingbird

/// Where the links in mails lead. To open one changes nothing, for programs open them, too, to see whether they are safe: its button does.
struct MailLinkPages: Sendable {
  let site: Site

  private var people: People { site.people }

  func add(to pages: inout PageRoutes) {
    pages.get("/verify", for: .everybody) { verifyPage(TokenView($0.parameter("token"))) }
    pages.post("/verify", for: .everybody, verify)
    pages.get("/reset-password", for: .everybody) { resetPage(TokenView($0.parameter("token"))) }
    pages.post("/reset-password", for: .everybody, reset)
    pages.get("/change-email", for: .people) { changePage(TokenView($0.parameter("token"))) }
    pages.post("/change-email", for: .people, change)
    pages.get("/invitation", for: .people) { joinPage(TokenView($0.parameter("token"))) }
    pages.post("/invitation", for: .people, join)
  }

  private func verifyPage(_ view: TokenView) -> PageAnswer {
    PageAnswer.page("people/verify", title: "Verify your address", view, status: view.status).secret
  }

  private func verify(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      let user = try await VerifyEmail(people: people)(token: form["token"], from: call.client(site))
      site.entrance.authenticator.forget(user, ended: [])
      return .seeOther(.logIn(), saying: .verified)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return verifyPage(TokenView(form["token"], complaint))
    }
  }

  private func resetPage(_ view: TokenView) -> PageAnswer {
    PageAnswer.page("people/reset-password", title: "Choose a password", view, status: view.status).secret
  }

  private func reset(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      let user = try await ResetPassword(people: people, rules: site.rules)(
        token: form["token"], password: form["password"], from: call.client(site))
      site.entrance.authenticator.forget(user, ended: [])
      return .seeOther(.logIn(), saying: .passwordSet)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return resetPage(TokenView(form["token"], complaint))
    }
  }

  private func changePage(_ view: TokenView) -> PageAnswer {
    PageAnswer.page("people/change-email", title: "Change your address", view, status: view.status).secret
  }

  private func change(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      try await ConfirmEmailChange(people: people)(
        of: try call.person().principal, token: form["token"], from: call.client(site))
      return .seeOther(.settings, saying: .emailChanged)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return changePage(TokenView(form["token"], complaint))
    }
  }

  private func joinPage(_ view: TokenView) -> PageAnswer {
    PageAnswer.page("people/invitation", title: "Join an account", view, status: view.status).secret
  }

  private func join(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      let joined = try await site.invitations.accept(token: form["token"], by: try await call.actor(site))
      _ = await site.tenancy.settle(joined.recorded)
      return .seeOther(.home(account: joined.account), saying: .joined)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return joinPage(TokenView(form["token"], complaint))
    }
  }
}

extension PageCall {
  /// Who looks, as the author of a command.
  func actor(_ site: Site) async throws -> Actor {
    let user = try person().principal.userID
    return Actor(
      userID: user, origin: try await site.entrance.clients.origin(of: request, context: context, for: user))
  }
}
