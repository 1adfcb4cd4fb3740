import Foundation

/// Who a mail is from or to: an address that can stand in a header and in SMTP as it is (RFC 5321 and 5322), and perhaps a name.
///
/// An international domain is turned into its ASCII form (IDNA), which every server takes. A local part that is not ASCII
/// has no such form: it needs a server that offers SMTPUTF8 (RFC 6531), and is refused by others.
package struct Mailbox: Sendable, Hashable {
  /// The local part, quoted where its characters need it.
  let local: String
  /// The domain in ASCII, lower case.
  package let domain: String
  /// The name shown beside it.
  package let name: HeaderText?

  /// From an address. Throws ``MailboxError``.
  package init(_ address: String, name: String? = nil) throws(MailboxError) {
    guard let at = address.lastIndex(of: "@") else { throw .noDomain }
    local = try Self.local(String(address[..<at]))
    domain = try Self.domain(String(address[address.index(after: at)...]))
    guard local.utf8.count <= 64, local.utf8.count + 1 + domain.utf8.count <= 254 else { throw .tooLong }
    self.name = name.map { HeaderText($0) }.flatMap { $0.text.isEmpty ? nil : $0 }
  }

  /// From `name <address>` or an address alone, as settings have it. Throws ``MailboxError``.
  package init(setting: String) throws(MailboxError) {
    let text = setting.trimmingCharacters(in: .whitespaces)
    guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
      try self.init(text)
      return
    }
    let name = text[..<open].trimmingCharacters(in: CharacterSet(charactersIn: " \""))
    try self.init(String(text[text.index(after: open)...].dropLast()), name: name)
  }

  /// `local@domain`
  package var address: String { "\(local)@\(domain)" }
  /// Whether every server takes it.
  package var isASCII: Bool { local.utf8.allSatisfy { $0 < 0x80 } }

  /// As it stands in a header whose line is so many columns long already.
  func rendered(after column: Int) -> String {
    guard let name else { return address }
    // A name of other characters than these would have to be quoted; encoding it is as good.
    let isAtoms = name.text.utf8.allSatisfy { Self.isAtom($0) || $0 == UInt8(ascii: " ") }
    let phrase = name.rendered(after: column, asWords: !isAtoms)
    let hasRoom = column + phrase.utf8.count + address.utf8.count + 3 <= 76
    return "\(phrase)\(hasRoom ? "" : "\r\n") <\(address)>"
  }

  /// A dot-atom, or anything printable in quotes (RFC 5322, section 3.4.1).
  private static func local(_ text: String) throws(MailboxError) -> String {
    guard !text.isEmpty else { throw .noLocalPart }
    guard
      text.unicodeScalars.allSatisfy({
        $0.value > 0x20 && !(0x7F...0x9F).contains($0.value) && !$0.properties.isWhitespace
      })
    else { throw .unprintable }
    let atoms = text.split(separator: ".", omittingEmptySubsequences: false)
    if atoms.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { isAtom($0) || $0 >= 0x80 } }) { return text }
    let isQuoted = text.hasPrefix("\"") && text.hasSuffix("\"") && text.utf8.count > 2
    let content = isQuoted ? String(text.dropFirst().dropLast()) : text
    guard !content.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { throw .quotes }
    return "\"\(content)\""
  }

  /// Labels of letters, digits and hyphens (RFC 5321, section 4.1.2).
  private static func domain(_ text: String) throws(MailboxError) -> String {
    var components = URLComponents()
    components.host = text.lowercased()
    guard let ascii = components.encodedHost, ascii.utf8.count <= 253 else { throw .badDomain }
    let labels = ascii.split(separator: ".", omittingEmptySubsequences: false)
    let areGood = labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }
    guard areGood else { throw .badDomain }
    return ascii
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// RFC 5322, section 3.2.3: atext.
  private static func isAtom(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }
}

/// Why an address can't be mailed to. Never quotes it.
package enum MailboxError: Error, Equatable, CustomStringConvertible {
  case noDomain, noLocalPart, unprintable, quotes, badDomain, tooLong

  /// Says what is wrong.
  package var description: String {
    switch self {
    case .noDomain: "the address has no @ and domain"
    case .noLocalPart: "the address has nothing before its @"
    case .unprintable: "the address holds white space or control characters"
    case .quotes: "the address holds a quotation mark or backslash before its @, which is not supported"
    case .badDomain: "the address's domain is not a name of letters, digits and hyphens, nor an international one"
    case .tooLong: "the address is longer than mail allows: 64 bytes before its @, 254 in all"
    }
  }
}
