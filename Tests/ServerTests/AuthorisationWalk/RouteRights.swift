import Application
import Domain
import Server

/// What each route asks for. With Permissions, which says which role may do what, this is all there is to authorisation: a route
/// that is not in here fails the walk.
enum RouteRights {
  struct Entry: Sendable {
    let right: Right
    /// What to send so that the route comes to asking who it is.
    let body: String
    /// Where whose it is stands, if not in the path: a query string, with names in braces like the path's.
    let query: String

    init(_ right: Right, body: String = "{}", query: String = "") {
      self.right = right
      self.body = body
      self.query = query
    }
  }

  static let all: [String: Entry] = [
    "GET /healthz": Entry(.nobody),
    "GET /openapi.json": Entry(.nobody),
    "GET /problems/{kind}": Entry(.nobody),
    "GET /.well-known/recount/key": Entry(.nobody),
    "GET /.well-known/recount/checkpoints": Entry(.nobody),
    "GET /.well-known/recount/checkpoints/{shard}/inclusion": Entry(.nobody),
    "GET /.well-known/recount/checkpoints/{shard}/consistency": Entry(.nobody),

    "POST /api/v1/track": Entry(
      .key(.track),
      body: #"{"endpoint": "/", "method": "GET", "status_code": 200, "response_time_ms": 1, "timestamp": "NOW"}"#),

    "GET /api/v1/usage": Entry(.memberOrKey(.readNumbers, .read), query: "?account_id={account_id}"),
    "GET /api/v1/projects/{project_id}/summary": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/timeseries": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/endpoints": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/consumers": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/releases": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/release-endpoints": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/traffic-by-key": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/latency": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/requests": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/events/{position}": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/explain": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/usage/explain": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/accounts/{account_id}/usage/explain": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/senders": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/intake": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/usage": Entry(.memberOrKey(.readNumbers, .read)),
    "GET /api/v1/projects/{project_id}/keys/{key_id}/usage": Entry(.memberOrKey(.readNumbers, .read)),

    "GET /api/v1/accounts": Entry(.person),
    "GET /api/v1/accounts/{account_id}": Entry(.member(.readAccount)),
    "PATCH /api/v1/accounts/{account_id}": Entry(.member(.nameAccount), body: #"{"name": "named"}"#),
    "GET /api/v1/accounts/{account_id}/members": Entry(.member(.readAccount)),
    "PATCH /api/v1/accounts/{account_id}/members/{user_id}": Entry(
      .member(.manageMembers), body: #"{"role": "member"}"#),
    "DELETE /api/v1/accounts/{account_id}/members/{user_id}": Entry(.member(.manageMembers)),
    "GET /api/v1/accounts/{account_id}/invitations": Entry(.member(.manageMembers)),
    "POST /api/v1/accounts/{account_id}/invitations": Entry(
      .member(.manageMembers), body: #"{"email": "new@example.com", "role": "member"}"#),
    "DELETE /api/v1/accounts/{account_id}/invitations/{invitation_id}": Entry(.member(.manageMembers)),
    "POST /api/v1/invitations/accept": Entry(.person),
    "GET /api/v1/accounts/{account_id}/slack": Entry(.member(.manageBilling)),
    "PUT /api/v1/accounts/{account_id}/slack": Entry(.member(.manageBilling)),
    "DELETE /api/v1/accounts/{account_id}/slack": Entry(.member(.manageBilling)),
    "GET /api/v1/accounts/{account_id}/export": Entry(.member(.exportData)),
    "GET /api/v1/accounts/{account_id}/statements/{month}": Entry(.member(.exportData)),
    "GET /api/v1/accounts/{account_id}/summary": Entry(.member(.readNumbers)),
    "GET /api/v1/accounts/{account_id}/security-log": Entry(.member(.readAuditLog)),
    "GET /api/v1/accounts/{account_id}/billing": Entry(.member(.readAccount)),
    "GET /api/v1/accounts/{account_id}/billing/invoices": Entry(.member(.readAccount)),
    "GET /api/v1/accounts/{account_id}/billing/invoices/{invoice_id}/links": Entry(.member(.manageBilling)),
    "POST /api/v1/accounts/{account_id}/billing/checkout": Entry(.member(.manageBilling), body: #"{"tier": "pro"}"#),
    "POST /api/v1/accounts/{account_id}/billing/preview": Entry(
      .member(.manageBilling), body: #"{"tier": "business"}"#),
    "POST /api/v1/accounts/{account_id}/billing/tier": Entry(
      .member(.manageBilling), body: #"{"tier": "business", "proration_date": "NOW"}"#),
    "POST /api/v1/accounts/{account_id}/billing/cancel": Entry(.member(.manageBilling)),
    "POST /api/v1/accounts/{account_id}/billing/undo": Entry(.member(.manageBilling)),
    "POST /api/v1/accounts/{account_id}/billing/portal": Entry(.member(.manageBilling)),

    "GET /api/v1/accounts/{account_id}/projects": Entry(.member(.readAccount)),
    "POST /api/v1/accounts/{account_id}/projects": Entry(.member(.manageProjects), body: #"{"name": "new"}"#),
    "GET /api/v1/projects/{project_id}": Entry(.member(.readAccount)),
    "PATCH /api/v1/projects/{project_id}": Entry(.member(.manageProjects), body: #"{"name": "renamed"}"#),
    "POST /api/v1/projects/{project_id}/archive": Entry(.member(.archiveProjects)),
    "POST /api/v1/projects/{project_id}/unarchive": Entry(.member(.archiveProjects)),
    "GET /api/v1/projects/{project_id}/voids": Entry(.member(.readNumbers)),
    "GET /api/v1/projects/{project_id}/voids/preview": Entry(.member(.manageBilling)),
    "POST /api/v1/projects/{project_id}/voids": Entry(.member(.manageBilling)),
    "GET /api/v1/projects/{project_id}/views": Entry(.member(.readNumbers)),
    "POST /api/v1/projects/{project_id}/views": Entry(
      .member(.manageProjects), body: #"{"name": "errors", "query": "status=5xx"}"#),
    "DELETE /api/v1/projects/{project_id}/views/{view_id}": Entry(.member(.manageProjects)),
    "GET /api/v1/projects/{project_id}/annotations": Entry(.member(.readNumbers)),
    "POST /api/v1/projects/{project_id}/annotations": Entry(
      .member(.manageProjects), body: #"{"at": "NOW", "text": "a sale"}"#),
    "DELETE /api/v1/projects/{project_id}/annotations/{annotation_id}": Entry(.member(.manageProjects)),
    "GET /api/v1/projects/{project_id}/marks": Entry(.member(.readNumbers)),
    "GET /api/v1/projects/{project_id}/keys": Entry(.member(.readAccount)),
    "POST /api/v1/projects/{project_id}/keys": Entry(.member(.manageKeys), body: #"{"name": "new"}"#),
    "GET /api/v1/projects/{project_id}/keys/{key_id}": Entry(.member(.readAccount)),
    "DELETE /api/v1/projects/{project_id}/keys/{key_id}": Entry(.member(.manageKeys)),
    "POST /api/v1/projects/{project_id}/keys/{key_id}/rotate": Entry(.member(.manageKeys)),

    "GET /api/v1/projects/{project_id}/links": Entry(.member(.readAccount)),
    "POST /api/v1/projects/{project_id}/links": Entry(.member(.manageLinks), body: #"{"name": "new"}"#),
    "DELETE /api/v1/projects/{project_id}/links/{link_id}": Entry(.member(.manageLinks)),

    "POST /api/v1/auth/sign-up": Entry(.nobody),
    "POST /api/v1/auth/verify": Entry(.nobody),
    "POST /api/v1/auth/resend-verification": Entry(.nobody),
    "POST /api/v1/auth/log-in": Entry(.nobody),
    "POST /api/v1/auth/refresh": Entry(.nobody),
    "POST /api/v1/auth/request-reset": Entry(.nobody),
    "POST /api/v1/auth/reset": Entry(.nobody),
    "POST /api/v1/auth/log-out": Entry(.person),
    "POST /api/v1/auth/log-out-everywhere": Entry(.person),

    "GET /api/v1/me": Entry(.person),
    "PATCH /api/v1/me": Entry(.person),
    "DELETE /api/v1/me": Entry(.person),
    "POST /api/v1/me/restore": Entry(.person),
    "POST /api/v1/me/password": Entry(.person),
    "POST /api/v1/me/email": Entry(.person),
    "POST /api/v1/me/email/confirm": Entry(.person),
    "GET /api/v1/me/notices": Entry(.person),
    "PUT /api/v1/me/notices": Entry(.person),
    "POST /api/v1/notices/unsubscribe": Entry(.nobody, query: "?token=none"),
    "GET /api/v1/me/sessions": Entry(.person),
    "DELETE /api/v1/me/sessions/{session_id}": Entry(.person),
    "GET /api/v1/me/security-log": Entry(.person),
  ]
}
