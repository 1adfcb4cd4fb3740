import Domain
import Foundation
import Mustache

/// The words of mails: MailTemplates/<notice>.mustache holds what one is about, `text` and `html` how all of them look.
///
/// A notice's template is plain text, written once for both forms: its subject, an empty line, paragraphs; a line `--` where the link
/// goes. The paragraphs enter the HTML form as values, so that it escapes them, whatever is in them.
struct MailWording: Sendable {
  private let library: MustacheLibrary

  /// Reads the templates. Throws when one is missing or can't be parsed, at start rather than at the first mail.
  init() throws {
    guard let folder = Bundle.module.url(forResource: "MailTemplates", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    var library = MustacheLibrary()
    for name in (Notice.all + [Notice.more]).map(\.name) + Self.layouts {
      let text = try String(contentsOf: folder.appending(path: "\(name).mustache"), encoding: .utf8)
      let template = name == "html" ? try Markup.template(text) : try MustacheTemplate(string: text)
      library.register(template, named: name)
    }
    self.library = library
  }

  static let layouts = ["text", "html"]

  /// A mail's subject and its two bodies.
  struct Words {
    let subject: HeaderText
    /// What stands between it and what there is to do, a line each.
    let paragraphs: [String]
    let text: String
    let html: String
  }

  /// Fills a notice's template. `base` is the installation's address, which every template may name. Throws ``MissingWords``.
  func words(
    _ notice: Notice, _ facts: [String: FactValue], base: String, action: MailAction?, unsubscribe: String? = nil
  ) throws -> Words {
    // Values are single lines: none can make a paragraph of its own, or a subject.
    let facts = facts.mapValues { HeaderText(Self.text($0)).text }.merging(["base": base]) { $1 }
    guard let filled = library.render(facts, withTemplate: notice.name) else { throw MissingWords(notice: notice.name) }
    let paragraphs = filled.split(separator: "\n\n").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    let words = paragraphs.filter { !$0.isEmpty }
    guard let subject = words.first else { throw MissingWords(notice: notice.name) }
    let parts = words.dropFirst().split(separator: "--", omittingEmptySubsequences: false)
    var context: [String: Any] = ["subject": subject, "before": parts.first.map(Array.init) ?? []]
    context["after"] = parts.dropFirst().flatMap { $0 }
    if let action {
      context["action"] = ["link": action.link, "token": action.token, "command": action.command]
    }
    if let unsubscribe { context["unsubscribe"] = unsubscribe }
    guard let text = library.render(context, withTemplate: "text"),
      let html = library.render(context, withTemplate: "html")
    else { throw MissingWords(notice: notice.name) }
    return Words(
      subject: HeaderText(subject),
      paragraphs: parts.flatMap { $0 }.map { $0.replacing("\n", with: " ") }, text: text, html: html)
  }

  private static func text(_ fact: FactValue) -> String {
    switch fact {
    case .time(let time): MailDate(time).short
    case .number(let number): String(number)
    case .text(let text): text
    // What nothing is known of by name.
    case .account(let id), .person(let id): id.text
    }
  }
}

/// A template that says nothing.
struct MissingWords: Error, CustomStringConvertible {
  let notice: String
  var description: String {
    "MailTemplates/\(notice).mustache has no subject: begin it with one, then an empty line"
  }
}
