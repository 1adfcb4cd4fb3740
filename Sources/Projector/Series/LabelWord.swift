import Domain
import EventLog
import Foundation

/// Something of a request that a series may tell requests apart by.
enum LabelWord: String, Sendable, CaseIterable {
  case method, template, status, key, consumer, release
  /// The endpoint without its query string.
  case path

  /// Appends a request's, as UTF-8. False where it has none: it is then in no row.
  func append(of request: borrowing StoredRequest, of key: [UInt8], to label: inout [UInt8]) -> Bool {
    switch self {
    case .method: return request.appendIfThere(.method, to: &label)
    case .template: return request.appendIfThere(.template, to: &label)
    case .consumer: return request.appendIfThere(.consumer, to: &label)
    case .release: return request.appendIfThere(.release, to: &label)
    case .status: label.append(contentsOf: String(request.status).utf8)
    case .key: label.append(contentsOf: key)
    case .path:
      let start = label.count
      request.append(.endpoint, to: &label)
      if let query = label[start...].firstIndex(of: UInt8(ascii: "?")) { label.removeSubrange(query...) }
    }
    return true
  }
}

extension StoredRequest {
  fileprivate func appendIfThere(_ text: Text, to label: inout [UInt8]) -> Bool {
    guard has(text) else { return false }
    append(text, to: &label)
    return true
  }
}
