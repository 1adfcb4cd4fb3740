import Application
import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Makes responses of what pages answer: the frame, the policy's headers, the tag, and compression.
struct PageWriter: Sendable {
  let templates: Templates
  let assets: Assets
  let policy: PagePolicy
  /// Nil where the operator has set none: then nobody is offered any.
  let support: SupportDesk?

  /// What it puts around pages, and what they are made with.
  var identity: String { "\(templates.identity) \(assets.paths) \(support?.address.normalized ?? "")" }

  func response(to request: Request, of visitor: Visitor?, _ answer: PageAnswer) throws -> Response {
    var headers: HTTPFields = [:]
    policy.add(to: &headers)
    // A page is one person's; what it shows is asked for again each time, and answered 304 where it is what it was.
    let isKept = !answer.isSecret && !answer.hasSecretAddress && [.ok, .notModified].contains(answer.status)
    headers[.cacheControl] = isKept ? "private, no-cache" : "no-store"
    if answer.hasSecretAddress { policy.hideAddress(in: &headers) }
    if answer.endsSession, let name = HTTPField.Name("Clear-Site-Data") { headers[name] = "\"cache\"" }
    var response = try content(answer, to: request, of: visitor, headers)
    for cookie in answer.cookies { response.setCookie(cookie) }
    return response
  }

  private func content(
    _ answer: PageAnswer, to request: Request, of visitor: Visitor?, _ headers: HTTPFields
  ) throws -> Response {
    var headers = headers
    switch answer.content {
    case .seeOther(let path):
      headers[.location] = path
      return Response(status: .seeOther, headers: headers)
    case .stream(let fields, let write):
      for field in fields { headers[field.name] = field.value }
      return Response(status: .ok, headers: headers, body: ResponseBody(write))
    case .unchanged(let tag):
      add(tag, to: &headers)
      return Response(status: .notModified, headers: headers)
    case .file(let type, let name, let body):
      headers[.contentType] = type
      if let name { headers[.contentDisposition] = "attachment; filename=\"\(name)\"" }
      return written(Array(body.utf8), answer, to: request, headers)
    case .page(let template, let title, let view):
      headers[.contentType] = "text/html; charset=utf-8"
      let hasChart = (view as? any Charted)?.hasChart == true
      let frame = Frame(
        title: title, request: request, visitor: visitor, answer, assets: assets, hasChart: hasChart, support: support)
      let html = try templates.render(template, Framed(frame: frame, page: view))
      return written(Array(html.utf8), answer, to: request, headers)
    }
  }

  private func add(_ tag: EntityTag, to headers: inout HTTPFields) {
    headers[.eTag] = tag.text
    headers[.vary] = "Accept-Encoding, Cookie"
  }

  private func written(
    _ bytes: [UInt8], _ answer: PageAnswer, to request: Request, _ headers: HTTPFields
  ) -> Response {
    var headers = headers
    if answer.status == .ok, !answer.isSecret, !answer.hasSecretAddress {
      // Of all that decides what is shown, or of all that is: so it is never that of another page; weak, for it is the same compressed.
      let tag = answer.tag ?? EntityTag(of: bytes, isWeak: true)
      add(tag, to: &headers)
      if tag.isKnown(to: request) { return Response(status: .notModified, headers: headers) }
    }
    // Not what holds a secret: its length would tell of it beside text that somebody else chose (BREACH).
    if !answer.isSecret, bytes.count > 1_000, request.takesGzip, let compressed = Gzip.deflate(bytes, .once) {
      headers[.contentEncoding] = "gzip"
      return Response(status: answer.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: compressed)))
    }
    return Response(status: answer.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

/// What shows a chart that scripts can draw anew.
protocol Charted: Sendable {
  var hasChart: Bool { get }
}

/// A page in its frame, as templates see it.
private struct Framed: Sendable {
  let frame: Frame
  let page: any Sendable
}

/// What is around every page.
private struct Frame: Sendable {
  let title: String
  let style: String
  let script: String
  let icon: String
  /// What draws the page's chart; nil where it has none, or uPlot is not there.
  let plots: Plots?
  /// As the class of the whole page; nil: what the system has.
  let theme: String?
  /// Who looks; nil for a stranger.
  let visitor: Named?
  /// Whether what the page shows is made up.
  let isDemo: Bool
  /// Where its account asks for help; nil where it has no such tier.
  let support: SupportLine?
  /// What has just been done.
  let notice: String?
  let isHome, isProjects, isBilling, isDocs, isSettings: Bool

  struct Named: Sendable {
    let name: String
  }

  struct Plots: Sendable {
    let script, style: String
  }

  init(
    title: String, request: Request, visitor: Visitor?, _ answer: PageAnswer, assets: Assets, hasChart: Bool,
    support: SupportDesk?
  ) {
    self.title = title
    self.support = answer.supportedAccount.flatMap { support?.line(for: $0) }
    isDemo = answer.isDemo
    let section = answer.section
    style = assets.path("recount.css") ?? ""
    script = assets.path("recount.js") ?? ""
    icon = assets.path("icon.svg") ?? ""
    plots =
      hasChart
      ? assets.path(Assets.plotScript).flatMap { script in
        assets.path(Assets.plotStyle).map { Plots(script: script, style: $0) }
      } : nil
    theme = Theme(request).css
    self.visitor = visitor.map { Named(name: $0.name) }
    notice = request.uri.queryParameters["done"].flatMap { Done(rawValue: String($0)) }?.text
    (isHome, isProjects, isBilling) = (section == .home, section == .projects, section == .billing)
    (isDocs, isSettings) = (section == .docs, section == .settings)
  }
}
