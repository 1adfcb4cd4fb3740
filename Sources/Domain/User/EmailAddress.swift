import Foundation

/// An e-mail address as the key of a person: case and Unicode variants of an address are the same address.
///
/// Folding follows what mail providers do rather than RFC 5321, which lets only the receiving host say whether case matters
/// in the local part: two accounts that differ by case alone would be the same person's mistake. Dots and what follows a + do
/// matter: at most providers they make another mailbox.
package struct EmailAddress: Hashable, Sendable {
  /// NFKC, lower case, without surrounding white space, the domain in the form that DNS has it (IDNA, `xn--…`).
  package let normalized: String

  /// Bytes that an address and its local part may have (RFC 5321, section 4.5.3.1).
  private static let (maximum, localMaximum) = (254, 64)

  /// Refuses what cannot be an address; only a mail that arrives proves that it is one.
  package init?(_ text: String) {
    guard text.utf8.count <= 4 * Self.maximum else { return nil }
    // Lower case may undo a composition, so it is composed again.
    let folded = text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCompatibilityMapping
      .lowercased().precomposedStringWithCompatibilityMapping
    let parts = folded.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, Self.isLocal(parts[0]), let domain = Self.domain(parts[1]) else { return nil }
    let address = "\(parts[0])@\(domain)"
    guard address.utf8.count <= Self.maximum else { return nil }
    normalized = address
  }

  /// A dot-atom (RFC 5322, section 3.2.3; RFC 6531 for what is not ASCII). Quoted local parts, which nobody has, are not taken.
  private static func isLocal(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= localMaximum && !text.hasPrefix(".") && !text.hasSuffix(".")
      && !text.contains("..") && text.unicodeScalars.allSatisfy(isAtomic)
  }

  /// Neither what separates addresses and header fields, nor what can't be seen.
  private static func isAtomic(_ scalar: UnicodeScalar) -> Bool {
    guard scalar.isASCII else {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
        .spaceSeparator:
        return false
      default: return true
      }
    }
    return scalar.value > 0x20 && scalar.value < 0x7F && !"()<>[]:;@\\,\"".unicodeScalars.contains(scalar)
  }

  private static func domain(_ text: String) -> String? {
    // The dots that IDNA (RFC 3490, section 3.1) takes for one.
    let dotted = text.replacing("\u{3002}", with: ".")
    guard !dotted.isEmpty, let host = URL(string: "http://\(dotted)/")?.host(percentEncoded: false),
      // What is ASCII stays as it is: the URL must not have read a user, a port or a path into it.
      !dotted.unicodeScalars.allSatisfy(\.isASCII) || host == dotted
    else { return nil }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    return labels.allSatisfy(isLabel) ? host : nil
  }

  /// Letters, digits and hyphens (RFC 1035, section 2.3.1), 63 at most.
  private static func isLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
      && label.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
      }
  }
}
