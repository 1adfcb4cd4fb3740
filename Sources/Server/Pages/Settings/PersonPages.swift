import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What a person sees of themselves, and changes.
struct PersonPages: Sendable {
  let site: Site

  private var people: People { site.people }

  func add(to pages: inout PageRoutes) {
    pages.get("/settings", for: .people) { try await show($0, nil, Form.empty) }
    change(&pages, "profile", saying: .saved, changeProfile)
    change(&pages, "notices", saying: .saved) { call, form in
      _ = try await DeclineNotices(people: people)(
        Set(NoticeTopic.byMail).subtracting(form.topics), of: try call.person().principal, from: call.client(site))
    }
    change(&pages, "email", saying: .mailOnItsWay, changeEmail)
    change(&pages, "password", saying: .passwordChanged, changePassword)
    change(&pages, "delete", saying: .deletionAsked, delete)
    change(&pages, "restore", saying: .restored) { call, _ in
      _ = try await CancelDeletion(people: people)(of: try call.person().principal, from: call.client(site))
    }
    pages.post("/settings/theme", for: .people, changeTheme)
    pages.post("/settings/sessions/{session_id}/end", for: .people, endSession)
    pages.post("/settings/log-out-everywhere", for: .people, endAll)
  }

  /// A form of the page: done, or shown again with what is wrong with it.
  private func change(
    _ pages: inout PageRoutes, _ name: String, saying done: Done,
    _ work: @escaping @Sendable (PageCall, Form) async throws -> Void
  ) {
    pages.post("/settings/\(name)", for: .people) { call in
      let form = try await call.form()
      do {
        try await work(call, form)
        return .seeOther(.settings, saying: done)
      } catch {
        guard let complaint = Complaint(error) else { throw error }
        return try await show(call, (name, complaint), form)
      }
    }
  }

  private func show(
    _ call: PageCall, _ complaint: (form: String, what: Complaint)?, _ form: Form
  ) async throws -> PageAnswer {
    let visitor = try call.person()
    let sessions = try await site.tenancy.questions.sessions(of: visitor.principal.userID, at: site.clock.now)
    let view = PersonView(
      visitor, sessions.value, complaint, form, theme: Theme(call.request),
      graceDays: people.settings.deletionGraceDays)
    return .page(
      "settings/person", title: "Settings", view, status: complaint?.what.problem.kind.status ?? .ok, in: .settings)
  }

  private func changeProfile(_ call: PageCall, _ form: Form) async throws {
    var change = ChangeProfile.Change()
    if let name = form.text("name") {
      guard let kept = ChangeProfile.name(name) else {
        throw Complaint(
          "name", "This takes \(NameRule.allowed(maximumCharacters: ChangeProfile.maximumNameLength)), or nothing.")
      }
      change.name = .some(kept)
    } else {
      change.name = .some(nil)
    }
    let zone = form.text("time_zone")
    guard zone.map(TimeZoneName.isOne) ?? true else {
      throw Complaint("time_zone", "This takes a name of the IANA database such as Europe/Berlin, or nothing for UTC.")
    }
    change.timeZone = .some(zone)
    _ = try await ChangeProfile(people: people)(change, of: try call.person().principal, from: call.client(site))
  }

  private func changeEmail(_ call: PageCall, _ form: Form) async throws {
    try await RequestEmailChange(people: people)(
      of: try call.person().principal, to: try form.email(), password: form["password"], from: call.client(site))
  }

  private func changePassword(_ call: PageCall, _ form: Form) async throws {
    let principal = try call.person().principal
    try await ChangePassword(people: people, rules: site.rules)(
      of: principal, current: form["current_password"], new: form["new_password"], from: call.client(site))
    site.entrance.authenticator.forget(principal.userID, ended: [])
  }

  private func delete(_ call: PageCall, _ form: Form) async throws {
    _ = try await RequestDeletion(people: people)(
      of: try call.person().principal, password: form["password"], from: call.client(site))
  }

  private func changeTheme(_ call: PageCall) async throws -> PageAnswer {
    guard let theme = Theme(rawValue: try await call.form()["theme"]) else {
      let words = Theme.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem(.invalidParameter, "the theme is one of \(words): open the settings, and choose one there")
    }
    return PageAnswer.seeOther(.settings, saying: .saved).setting(theme.cookie(call.cookies))
  }

  private func endSession(_ call: PageCall) async throws -> PageAnswer {
    let (principal, session) = (try call.person().principal, try call.context.sessionID)
    try await RevokeSession(people: people)(session, of: principal, from: call.client(site))
    site.entrance.authenticator.forget(principal.userID, ended: [session])
    return .seeOther(.settings, saying: .sessionEnded)
  }

  private func endAll(_ call: PageCall) async throws -> PageAnswer {
    let principal = try call.person().principal
    try await LogOutEverywhere(people: people)(of: principal, from: call.client(site))
    site.entrance.authenticator.forget(principal.userID, ended: [principal.sessionID])
    return PageAnswer.seeOther(.logIn(), saying: .loggedOutEverywhere).endingSession(call.cookies)
  }
}
