import Application
import Domain
import Foundation
import Hummingbird

/// What leads to a session, and out of it. The pages say the same whether an address is known or not.
struct SessionPages: Sendable {
  let site: Site

  private var people: People { site.people }

  func add(to pages: inout PageRoutes) {
    let known = pages.known
    pages.get("/sign-up", for: .everybody) { signUpPage($0, SignUpView($0.parameter("tier"))) }
    pages.post("/sign-up", for: .everybody, signUp)
    pages.get("/check-mail", for: .everybody, checkMail)
    pages.post("/resend-verification", for: .everybody, resend)
    pages.get("/log-in", for: .everybody) {
      logInPage(LogInView(next: Place(next: $0.parameter("next"), among: known)))
    }
    pages.post("/log-in", for: .everybody) { try await logIn($0, known) }
    pages.post("/log-out", for: .everybody, logOut)
    pages.get("/forgot-password", for: .everybody) { _ in forgotPage(ForgotView()) }
    pages.post("/forgot-password", for: .everybody, forgot)
  }

  private func signUpPage(_ call: PageCall, _ view: SignUpView) -> PageAnswer {
    let answer = PageAnswer.page("people/sign-up", title: "Sign up", view, status: view.status)
    guard let tier = view.tier else { return answer }
    return answer.setting(call.cookies.cookie(call.cookies.tier, tier.word, seconds: Self.tierSeconds))
  }

  /// As long as the link of the mail works.
  private static let tierSeconds = 3 * 86_400

  private func signUp(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      let email = try form.email()
      let password = try site.rules.password(form["password"], of: email)
      let client = call.client(site)
      try await people.evenly { try await SignUp(people: people)(email: email, password: password, from: client) }
      return .seeOther(.checkMail(for: "sign-up"))
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return signUpPage(call, SignUpView(form["tier"], email: form["email"], complaint))
    }
  }

  private func checkMail(_ call: PageCall) -> PageAnswer {
    .page("people/check-mail", title: "Look into your mail", CheckMailView(purpose: call.parameter("for")))
  }

  private func resend(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      let email = try form.email()
      let client = call.client(site)
      try await people.evenly { try await ResendVerification(people: people)(email: email, from: client) }
      return .seeOther(.checkMail(for: "verification"))
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      let view = CheckMailView(purpose: "sign-up", email: form["email"], complaint)
      return .page("people/check-mail", title: "Look into your mail", view, status: complaint.problem.kind.status)
    }
  }

  private func logInPage(_ view: LogInView) -> PageAnswer {
    .page("people/log-in", title: "Log in", view, status: view.status)
  }

  private func logIn(_ call: PageCall, _ known: RouteTable) async throws -> PageAnswer {
    let form = try await call.form()
    let next = Place(next: form["next"], among: known)
    do {
      let (tokens, device) = try await LogIn(people: people)(
        email: try form.email(), password: Password(claimed: form["password"]),
        device: call.cookies.value(call.cookies.device, in: call.request), for: .cookie, from: call.client(site))
      let keep = call.cookies.cookie(call.cookies.device, device.text, seconds: 365 * 86_400)
      return PageAnswer.seeOther(next ?? start(of: call)).setting(call.cookies.session(tokens.lasting), keep)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return logInPage(LogInView(next: next, email: form["email"], complaint))
    }
  }

  /// Who came for a tier is led to where it is paid.
  private func start(of call: PageCall) -> Place {
    site.billing.desk != nil && call.cookies.value(call.cookies.tier, in: call.request) != nil ? .billing : .home
  }

  /// Also for who is logged out already, in another tab: it is so, and no error.
  private func logOut(_ call: PageCall) async throws -> PageAnswer {
    if let visitor = call.visitor {
      try await LogOut(people: people)(of: visitor.principal, from: call.client(site))
      site.entrance.authenticator.forget(visitor.principal.userID, ended: [visitor.principal.sessionID])
    }
    return PageAnswer.seeOther(.logIn(), saying: .loggedOut).endingSession(call.cookies)
  }

  private func forgotPage(_ view: ForgotView) -> PageAnswer {
    .page("people/forgot-password", title: "Choose another password", view, status: view.status)
  }

  private func forgot(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    do {
      let email = try form.email()
      let client = call.client(site)
      try await people.evenly { try await RequestReset(people: people)(email: email, from: client) }
      return .seeOther(.checkMail(for: "reset"))
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return forgotPage(ForgotView(email: form["email"], complaint))
    }
  }
}

extension PageCall {
  /// Where it comes from.
  func client(_ site: Site) -> Client { site.entrance.clients.client(of: request, context: context) }
}

extension Form {
  /// The field `email`. Throws ``Complaint``.
  func email() throws -> EmailAddress {
    guard let email = EmailAddress(self["email"]) else {
      throw Complaint("email", "This takes an address such as me@example.com.")
    }
    return email
  }
}
