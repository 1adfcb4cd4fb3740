import Application

/// What each page asks for: a page that is not in here fails the walk.
enum PageRights {
  enum Right: Sendable, Equatable {
    /// Whoever asks.
    case everybody
    /// Whoever is logged in.
    case person
    /// A member of the account, whose role gives the right to an action.
    case member(Action)
  }

  struct Entry: Sendable {
    let right: Right
    /// What its form sends; what is wrong with it is said only to whoever may send it.
    let fields: [String: String]

    init(_ right: Right, _ fields: [String: String] = [:]) {
      self.right = right
      self.fields = fields
    }
  }

  static let all: [String: Entry] = [
    "GET /assets/{hash}/{name}": Entry(.everybody),
    "GET /": Entry(.everybody),
    "GET /docs": Entry(.everybody),
    "GET /docs/{id}": Entry(.everybody),
    "GET /docs/problems/{kind}": Entry(.everybody),
    "GET /sign-up": Entry(.everybody),
    "POST /sign-up": Entry(.everybody),
    "GET /check-mail": Entry(.everybody),
    "POST /resend-verification": Entry(.everybody),
    "GET /log-in": Entry(.everybody),
    "POST /log-in": Entry(.everybody),
    "POST /log-out": Entry(.everybody),
    "GET /forgot-password": Entry(.everybody),
    "POST /forgot-password": Entry(.everybody),
    "GET /verify": Entry(.everybody),
    "POST /verify": Entry(.everybody),
    "GET /reset-password": Entry(.everybody),
    "POST /reset-password": Entry(.everybody),
    "GET /change-email": Entry(.person),
    "POST /change-email": Entry(.person),
    "GET /invitation": Entry(.person),
    "POST /invitation": Entry(.person),

    "GET /settings": Entry(.person),
    "POST /settings/profile": Entry(.person, ["name": "somebody"]),
    "GET /unsubscribe": Entry(.everybody),
    "POST /unsubscribe": Entry(.everybody),
    "POST /settings/notices": Entry(.person, ["topic-quota": "on"]),
    "POST /settings/theme": Entry(.person, ["theme": "dark"]),
    "POST /settings/email": Entry(.person, ["email": "x@example.com", "password": "wrong"]),
    "POST /settings/password": Entry(.person, ["current_password": "wrong", "new_password": "wrong"]),
    "POST /settings/delete": Entry(.person, ["password": "wrong"]),
    "POST /settings/restore": Entry(.person),
    "POST /settings/sessions/{session_id}/end": Entry(.person),
    "POST /settings/log-out-everywhere": Entry(.person),
    "GET /settings/account": Entry(.person),
    "POST /settings/account/name": Entry(.member(.nameAccount), ["account": "{account_id}", "name": "ours"]),
    "POST /settings/account/members/{user_id}": Entry(
      .member(.manageMembers), ["account": "{account_id}", "role": "member"]),
    "POST /settings/account/members/{user_id}/remove": Entry(.member(.manageMembers), ["account": "{account_id}"]),
    "POST /settings/account/invitations": Entry(
      .member(.manageMembers), ["account": "{account_id}", "role": "member", "email": "x@example.com", "once": "1"]),
    "POST /settings/account/invitations/{invitation_id}/withdraw": Entry(
      .member(.manageMembers), ["account": "{account_id}"]),
    "POST /settings/account/export": Entry(
      .member(.exportData), ["account": "{account_id}", "format": "cloudevents"]),
    "GET /settings/slack": Entry(.person),
    "POST /settings/slack": Entry(.member(.manageBilling), ["account": "{account_id}", "topic-quota": "on"]),
    "POST /settings/slack/remove": Entry(.member(.manageBilling), ["account": "{account_id}"]),
    "GET /settings/security-log": Entry(.person),
    "GET /settings/verification": Entry(.person),

    "GET /home": Entry(.person),
    "GET /billing": Entry(.person),
    "GET /billing/{month}": Entry(.person),
    "GET /billing/{month}/statement": Entry(.member(.exportData)),
    "GET /billing/return": Entry(.member(.manageBilling)),
    "GET /billing/tier": Entry(.member(.manageBilling)),
    "GET /billing/cancel": Entry(.member(.manageBilling)),
    "POST /billing/checkout": Entry(.member(.manageBilling), ["account": "{account_id}", "tier": "pro"]),
    "POST /billing/return": Entry(.member(.manageBilling), ["account": "{account_id}", "session": "cs_test_1"]),
    "POST /billing/tier": Entry(.member(.manageBilling), ["account": "{account_id}", "tier": "business"]),
    "POST /billing/cancel": Entry(.member(.manageBilling), ["account": "{account_id}"]),
    "POST /billing/undo": Entry(.member(.manageBilling), ["account": "{account_id}"]),
    "POST /billing/portal": Entry(.member(.manageBilling), ["account": "{account_id}"]),
    "POST /billing/invoices/{invoice_id}/document": Entry(
      .member(.manageBilling), ["account": "{account_id}", "kind": "page"]),

    "GET /projects": Entry(.person),
    "POST /projects": Entry(.member(.manageProjects), ["account": "{account_id}", "once": "1", "name": "another"]),
    "POST /projects/{project_id}/rename": Entry(.member(.manageProjects), ["name": "renamed"]),
    "POST /projects/{project_id}/archive": Entry(.member(.archiveProjects), ["name": "shop"]),
    "POST /projects/{project_id}/unarchive": Entry(.member(.archiveProjects)),
    "GET /projects/{project_id}/keys": Entry(.member(.readAccount)),
    "POST /projects/{project_id}/keys": Entry(
      .member(.manageKeys), ["once": "1", "name": "another", "scope-read": "on"]),
    "GET /projects/{project_id}/keys/{key_id}": Entry(.member(.readAccount)),
    "POST /projects/{project_id}/keys/{key_id}/rotate": Entry(.member(.manageKeys), ["once": "1", "grace_hours": "1"]),
    "POST /projects/{project_id}/keys/{key_id}/revoke": Entry(.member(.manageKeys)),
    "GET /projects/{project_id}/voids": Entry(.member(.readNumbers)),
    "POST /projects/{project_id}/voids": Entry(
      .member(.manageBilling),
      [
        "once": "1", "mode": "live", "from": "2026-11-27T10:00:00Z", "to": "2026-11-27T11:00:00Z",
        "reason": "load test", "name": "shop",
      ]),
    "GET /projects/{project_id}/links": Entry(.member(.readAccount)),
    "POST /projects/{project_id}/links": Entry(
      .member(.manageLinks), ["once": "1", "name": "another", "expires_days": "30"]),
    "POST /projects/{project_id}/links/{link_id}/revoke": Entry(.member(.manageLinks)),
    "GET /shared/{token}": Entry(.everybody),
    "GET /demo": Entry(.everybody),
    "GET /projects/{project_id}": Entry(.member(.readNumbers)),
    "POST /projects/{project_id}/views": Entry(.member(.manageProjects), ["name": "errors", "query": "status=5xx"]),
    "POST /projects/{project_id}/views/{view_id}/remove": Entry(.member(.manageProjects)),
    "POST /projects/{project_id}/annotations": Entry(
      .member(.manageProjects), ["at": "2026-11-27T10:00", "text": "a sale", "query": ""]),
    "POST /projects/{project_id}/annotations/{annotation_id}/remove": Entry(.member(.manageProjects)),
    "GET /projects/{project_id}/requests": Entry(.member(.readNumbers)),
    "GET /projects/{project_id}/events/{position}": Entry(.member(.readNumbers)),
    "GET /projects/{project_id}/explain": Entry(.member(.readNumbers)),
    "GET /projects/{project_id}/live": Entry(.member(.readNumbers)),
    "GET /projects/{project_id}/first-event": Entry(.member(.readNumbers)),
  ]
}
