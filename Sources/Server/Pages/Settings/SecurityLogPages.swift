import Application
import Domain
import Foundation
import Hummingbird

/// Who did what, when and from where: as oneself, and in an account.
struct SecurityLogPages: Sendable {
  let site: Site

  private static let pageLength = 50

  func add(to pages: inout PageRoutes) {
    pages.get("/settings/security-log", for: .people, show)
  }

  private func show(_ call: PageCall) async throws -> PageAnswer {
    let visitor = try call.person()
    let kind = call.parameter("kind").flatMap { SecurityEntry.kinds.contains($0) ? $0 : nil }
    guard call.parameter("account") != nil else {
      let found = try await site.tenancy.questions.securityLog(
        ofUser: visitor.principal.userID, kind: kind, after: call.securityPlace, limit: Self.pageLength)
      return page(SecurityLogView(found.value, of: nil, kind: kind, in: visitor.calendar))
    }
    let tenant = try await site.tenant(of: call)
    try await site.tenancy.access.require(.readAuditLog, account: tenant.account.id, of: visitor.principal)
    let found = try await site.tenancy.questions.securityLog(
      ofAccount: tenant.account.id, kind: kind, after: call.securityPlace, limit: Self.pageLength)
    return page(SecurityLogView(found.value, of: tenant, kind: kind, in: visitor.calendar))
  }

  private func page(_ view: SecurityLogView) -> PageAnswer {
    .page("settings/security-log", title: "Security log", view, in: .settings)
  }
}

extension PageCall {
  fileprivate var securityPlace: SecurityPlace? {
    guard let text = parameter("after"), let place = Cursor.values(of: text, as: Instant.self, Int32.self, Int64.self)
    else { return nil }
    return SecurityPlace(time: place.0, shard: place.1, position: place.2)
  }
}

/// A page of the security log.
struct SecurityLogView: Sendable {
  let tabs: SettingsTabs
  /// Nil where it is one's own.
  let accountName, accountID: String?
  let rows: [Row]
  let isEmpty: Bool
  let next: String?
  let kinds: [AccountSettingsView.Choice]
  let zone: String

  struct Row: Sendable {
    let time: Moment
    let kind, address, program, details: String
  }

  init(_ page: Page<SecurityEntry, SecurityPlace>, of tenant: Tenant?, kind: String?, in calendar: LocalCalendar) {
    tabs = SettingsTabs(.securityLog)
    accountName = tenant?.name
    accountID = tenant?.account.id.text
    rows = page.entries.map { entry in
      Row(
        time: Moment(entry.time, in: calendar, .second), kind: entry.kind.replacing("_", with: " "),
        address: entry.client?.address.shown ?? "–", program: entry.client?.userAgent.shown ?? "–",
        details: entry.details.shown)
    }
    isEmpty = rows.isEmpty
    next = page.next.map { place in
      Place.securityLog.with([
        ("account", tenant?.account.id.text), ("kind", kind),
        ("after", Cursor(place.time, place.shard, place.position).text),
      ]).path
    }
    kinds = SecurityEntry.kinds.sorted().map {
      AccountSettingsView.Choice(word: $0, name: $0.replacing("_", with: " "), isChosen: $0 == kind)
    }
    zone = calendar.title
  }
}
