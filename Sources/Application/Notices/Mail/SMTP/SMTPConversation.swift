import CCurl

/// What libcurl asks and tells while it talks to a server. A class, since C gets a pointer to it; used by one thread.
final class SMTPConversation {
  private var unsent: ArraySlice<UInt8>
  private let needsUTF8: Bool
  private var offersUTF8 = false
  /// The last line in which the server said no.
  private(set) var lastRefusal = ""
  /// Whether the server has agreed to take the mail's text.
  private(set) var hasBegun = false
  /// Whether the server could not read its addresses.
  var isUnreadable: Bool { needsUTF8 && !offersUTF8 }

  /// Of a mail. One that needs SMTPUTF8 is kept from servers that don't offer it.
  init(sending bytes: [UInt8], needsUTF8: Bool) {
    unsent = bytes[...]
    self.needsUTF8 = needsUTF8
  }

  /// Fills the buffer with what comes next. Zero is the end.
  func give(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard !isUnreadable else { return Int(CURL_READFUNC_ABORT) }
    hasBegun = true
    let part = unsent.prefix(buffer.count)
    buffer.copyBytes(from: part)
    unsent = unsent.dropFirst(part.count)
    return part.count
  }

  /// One line of the server's, such as `250-SMTPUTF8`.
  func hear(_ line: String) {
    let line = HeaderText(line).text
    if line.hasPrefix("4") || line.hasPrefix("5") { lastRefusal = line }
    if line.dropFirst(4).uppercased() == "SMTPUTF8" { offersUTF8 = true }
  }
}
