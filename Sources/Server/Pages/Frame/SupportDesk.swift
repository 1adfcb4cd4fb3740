import Domain
import Foundation

/// Where accounts ask for help whose tier has priority support, as the operator set it. Their mails name the account, in brackets that sort before all
/// else in his mailbox.
struct SupportDesk: Sendable {
  let address: EmailAddress

  /// What it shows of an account: its last characters, for ids of accounts that were opened together begin alike.
  func line(for account: UUID) -> SupportLine {
    let reference = String(account.text.suffix(8)).uppercased()
    // What may stand in the path of a mailto (RFC 6068), and in a value of its query.
    let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._@+"))
    let to = address.normalized.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    let subject = "[Business \(reference)] ".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return SupportLine(address: address.normalized, path: "mailto:\(to)?subject=\(subject)", reference: reference)
  }
}

/// The same, as the frame of a page shows it.
struct SupportLine: Sendable {
  let address, path, reference: String
}
