import Crypto
package import Domain
import Foundation

/// What the header `Stripe-Signature` says, such as `t=1790000000,v1=5257a8…,v0=…`.
///
/// Valid if and only if
/// 1. the header is `name=value` pairs separated by commas, nothing else, with one `t` of decimal digits;
/// 2. a `v1` is the HMAC-SHA256 of `t`, a point and the body as it came, in hex, under one of the secrets. Other schemes count for nothing;
/// 3. `t` is no further from now than five minutes, before or after.
package struct StripeSignature: Sendable, Equatable {
  /// When it was signed.
  package let time: Instant
  /// As it stands in the header: what was signed is this text.
  private let timeText: String
  private let signatures: [[UInt8]]

  /// How far a delivery's clock may be from ours.
  package static let tolerance = Duration.seconds(300)
  /// More is no header of Stripe's: a secret that is being rolled brings two.
  private static let longest = 4_096

  /// Why a delivery is not Stripe's, or not of now.
  package enum Refusal: String, Error, Sendable, CaseIterable {
    case missing, malformed, wrong, stale, future
  }

  /// Reads a header.
  package init(_ header: String?) throws(Refusal) {
    guard let header, !header.isEmpty else { throw .missing }
    guard header.utf8.count <= Self.longest else { throw .malformed }
    var times: [String] = []
    var signatures: [[UInt8]] = []
    for pair in header.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let parts = pair.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(Self.isOfName) else { throw .malformed }
      let value = String(parts[1]) ?? ""
      switch String(parts[0]) {
      case "t": times.append(value)
      // One that is no hex, as Stripe writes it, matches nothing, whatever stands beside it.
      case "v1":
        if parts[1].count == 64, parts[1].allSatisfy(Self.isHex), let bytes = Hex.bytes(value) {
          signatures.append(bytes)
        }
      default: break
      }
    }
    guard times.count == 1, let text = times.first, (1...12).contains(text.utf8.count),
      text.utf8.allSatisfy(Self.isDigit), let seconds = Int64(text)
    else { throw .malformed }
    timeText = text
    time = .epoch + .seconds(seconds)
    self.signatures = signatures
  }

  /// Throws unless one of the secrets signed this body, about now.
  package func check(_ body: [UInt8], secrets: [String], now: Instant) throws(Refusal) {
    guard !signatures.isEmpty else { throw .wrong }
    let signed = Data(timeText.utf8) + Data([UInt8(ascii: ".")]) + Data(body)
    var isValid = false
    for secret in secrets {
      let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Data(secret.utf8)))
      // All of them, so that the time does not tell which; and each in constant time, which this comparison takes.
      for signature in signatures where code == signature { isValid = true }
    }
    guard isValid else { throw .wrong }
    guard now - time <= Self.tolerance else { throw .stale }
    guard time - now <= Self.tolerance else { throw .future }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }
}
