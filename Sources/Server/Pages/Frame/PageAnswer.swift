import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What comes of a request for a page.
struct PageAnswer: Sendable {
  enum Content: Sendable {
    /// A template and what it shows.
    case page(template: String, title: String, view: any Sendable)
    /// Where to go on, with GET.
    case seeOther(String)
    /// A file of this media type, such as the numbers of a page as CSV.
    case file(type: String, name: String?, body: String)
    /// What is told while it happens, or is too much for the memory, with what it says of itself.
    case stream(HTTPFields, @Sendable (inout any ResponseBodyWriter) async throws -> Void)
    /// Whoever asks has it already.
    case unchanged(EntityTag)
  }

  let content: Content
  var status: HTTPResponse.Status
  var cookies: [Cookie] = []
  /// Whether it holds what must not be kept: a key, a token.
  var isSecret = false
  /// Whether its address is a secret, which must go nowhere from here: to no other server, no list of a search engine, no cache.
  var hasSecretAddress = false
  /// Whether a session ends with it: what the browser keeps of it goes, too, so that the back button shows nothing to whoever comes next.
  var endsSession = false
  /// Whether what it shows is made up, as the frame then says.
  var isDemo = false
  /// The account that it is about, where its tier has priority support.
  var supportedAccount: UUID?
  /// Which part of the navigation it belongs to.
  var section: Section?
  /// When, while nothing happens, it shows something else but at the quarters of an hour; nil where that can't be told.
  private(set) var moments: [Instant]?
  /// Of all that decides it; nil: it is known by what it shows.
  var tag: EntityTag?

  /// The parts of the navigation.
  enum Section: String, Sendable {
    case home, projects, billing, docs, settings
  }

  static func page(
    _ template: String, title: String, _ view: any Sendable, status: HTTPResponse.Status = .ok,
    in section: Section? = nil
  ) -> PageAnswer {
    PageAnswer(content: .page(template: template, title: title, view: view), status: status, section: section)
  }

  static func seeOther(_ place: Place, saying done: Done? = nil) -> PageAnswer {
    var path = place.path
    if let done { path += (path.contains("?") ? "&" : "?") + "done=" + done.rawValue }
    return PageAnswer(content: .seeOther(path), status: .seeOther)
  }

  /// On to a page of Stripe's, whose address is as good as a log-in there.
  static func payment(_ url: String) -> PageAnswer {
    PageAnswer(content: .seeOther(url), status: .seeOther, isSecret: true)
  }

  static func stream(
    _ fields: HTTPFields = [.contentType: "text/event-stream"],
    _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
  ) -> PageAnswer {
    PageAnswer(content: .stream(fields, write), status: .ok, isSecret: true)
  }

  static func file(_ body: String, type: String, name: String?) -> PageAnswer {
    PageAnswer(content: .file(type: type, name: name, body: body), status: .ok)
  }

  static func unchanged(_ tag: EntityTag) -> PageAnswer {
    PageAnswer(content: .unchanged(tag), status: .notModified)
  }

  /// The same, which shows something else at these moments, and at the quarters of an hour, while nothing happens: then whoever has it is told so without
  /// its being made anew, where its ground is named (``PageGround``). Nil: it may be another one the next time, for want of time perhaps.
  func changing(at moments: [Instant]?) -> PageAnswer {
    var answer = self
    answer.moments = moments
    return answer
  }

  /// The same with cookies.
  func setting(_ cookies: Cookie...) -> PageAnswer {
    var answer = self
    answer.cookies += cookies
    return answer
  }

  /// The same for somebody whose session is over.
  func endingSession(_ names: CookieNames) -> PageAnswer {
    var answer = setting(names.without(names.session))
    answer.endsSession = true
    return answer
  }

  /// The same, not to be kept by anybody.
  var secret: PageAnswer {
    var answer = self
    answer.isSecret = true
    return answer
  }
}
