import Application
import Crypto
import Domain
import Foundation
import Mustache

/// The templates of all pages, read once. Each is HTML: every text that it shows is escaped.
struct Templates: Sendable {
  private let library: MustacheLibrary
  /// Another one where any template is.
  let identity: String

  /// Those that come with the program, or why they can't be read.
  static let ofProgram = Result { try Templates() }

  /// Reads the templates that come with the program. Throws the error of one that is no Mustache, with its name and place.
  init() throws {
    guard let folder = Bundle.module.url(forResource: "Templates", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    var templates: [String: MustacheTemplate] = [:]
    var texts = SHA256()
    for file in try Self.files(below: folder).sorted() {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      texts.update(data: Array("\(file) \(text.utf8.count) \(text)".utf8))
      templates[String(file.dropLast(".mustache".count))] = try Markup.template(text)
    }
    library = MustacheLibrary(templates: templates)
    identity = Hex.text(texts.finalize())
  }

  /// The template's text with what a view says. A template that is not there is a fault of the program.
  func render(_ name: String, _ view: any Sendable) throws -> String {
    guard let text = library.render(ViewFields(view), withTemplate: name) else { throw TemplateMissing(name: name) }
    return text
  }

  private static func files(below folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".mustache") }
  }
}

/// There is no template of a name.
struct TemplateMissing: Error {
  let name: String
}
