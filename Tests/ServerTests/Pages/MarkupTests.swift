import Application
import Foundation
import Mustache
import Testing

@testable import Server

/// A text stays a text wherever a page, a mail or a table shows it, whatever scalars join to its marks.
@Suite struct MarkupTests {
  /// A scalar that joins to what follows (U+0D4E), and some that join to what is before.
  static let joined: [String] = [
    "\u{0D4E}<b>", "\u{0D4E}\"x\"\u{200D}", "\"\u{301} onclick=x", "<\u{200D}img src=x>", "'\u{0300}", "\u{0D4E}&lt;",
    "\u{0600}<script>", "a<b>c\"d'e&f",
  ]

  @Test(arguments: joined) func noMarkOfATextIsAMarkOfThePage(_ text: String) throws {
    let templates: [String: MustacheTemplate] = [
      "part": try Markup.template("<i>{{text}}</i>"),
      "frame": try Markup.template("<p>{{$block}}{{/block}}</p>"),
      "page": try Markup.template(
        "<b title=\"{{text}}\">{{text}}</b>{{>part}}{{#list}}<u>{{.}}</u>{{/list}}{{<frame}}{{$block}}{{text}}{{/block}}{{/frame}}"
      ),
    ]
    struct View: Sendable {
      let text: String
      let list: [String]
    }
    let library = MustacheLibrary(templates: templates)
    let html = try #require(library.render(View(text: text, list: [text]), withTemplate: "page"))
    let bare = try #require(library.render(View(text: "", list: [""]), withTemplate: "page"))
    for mark in [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'")] {
      #expect(html.utf8.count { $0 == mark } == bare.utf8.count { $0 == mark }, "\(html)")
    }
  }

  @Test(arguments: joined + [",\u{301}", "a,\"\u{301},=1+1,x", "=\u{200D}1", "\u{FF1D}1", "\n=1"])
  func noTextLeavesItsCellOrIsAFormula(_ text: String) {
    var csv = CSV(columns: ["a", "b"])
    csv.add([text, "end"])
    // Read as RFC 4180 has it, byte by byte.
    var (cells, cell, isQuoted) = ([String](), [UInt8](), false)
    for byte in csv.text.utf8.dropFirst("a,b\r\n".utf8.count) {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ","), UInt8(ascii: "\n"):
        if isQuoted { fallthrough }
        cells.append(String(decoding: cell, as: UTF8.self))
        cell = []
      default: cell.append(byte)
      }
    }
    #expect(cells.count == 2 && cells.last?.hasPrefix("end") == true, "\(csv.text)")
    #expect(cells.first?.unicodeScalars.first.map { "=+-@\u{FF1D}".unicodeScalars.contains($0) } != true)
  }
}
