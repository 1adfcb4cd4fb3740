/// A request as a log's unit has it, taken apart where it lies: a projector looks at every request there is, and copies of five texts each
/// would cost it more than all else. Its texts are places in the unit, for the length of the call that it is handed to.
package struct StoredRequest {
  /// One of its members that are text.
  package enum Text: Int, CaseIterable, Sendable {
    case method, endpoint, template, consumer, release, error
  }

  /// When it was served, in milliseconds since 1970.
  package fileprivate(set) var timestamp = Int64.min
  /// The HTTP status.
  package fileprivate(set) var status = 0
  /// How long it took, in nanoseconds; nil where that was not recorded.
  package fileprivate(set) var time: Int64?
  /// In bytes; nil where that was not recorded.
  package fileprivate(set) var requestBytes: Int64?
  /// In bytes; nil where that was not recorded.
  package fileprivate(set) var responseBytes: Int64?

  private let scanner: JSONScanner
  private var texts = InlineTexts()

  fileprivate init(_ scanner: JSONScanner) { self.scanner = scanner }

  /// Whether it has such a text.
  package func has(_ text: Text) -> Bool { texts[text] != nil }

  /// Appends a text, as UTF-8; nothing where it has none.
  package func append(_ text: Text, to bytes: inout [UInt8]) {
    guard let token = texts[text] else { return }
    if token.isEscaped {
      scanner.withText(token) { bytes.append(contentsOf: $0) }
    } else {
      bytes.append(contentsOf: scanner.bytes(of: token))
    }
  }

  /// A text; nil where it has none.
  package func string(_ text: Text) -> String? {
    texts[text].map { scanner.withText($0) { String(decoding: $0, as: UTF8.self) } }
  }

  /// Whether a text is just this.
  package func text(_ text: Text, is expected: [UInt8]) -> Bool {
    guard let token = texts[text] else { return false }
    return scanner.withText(token) { $0.elementsEqual(expected) }
  }

  /// Hands out the requests of a unit, in order. `body` answers whether it wants more. Throws for what is no array of requests: the log
  /// holds what `TrackedRequest.encode` wrote, and what PostgreSQL's jsonb made of it.
  package static func read(
    _ unit: UnsafeBufferPointer<UInt8>, _ body: (borrowing StoredRequest) throws -> Bool
  ) throws {
    var scanner = JSONScanner(unit, maximumDepth: 4)
    scanner.skipSpace()
    guard scanner.current == UInt8(ascii: "[") else { throw UnreadableRequest(offset: scanner.index) }
    try scanner.enter()
    var isFirst = true
    while try scanner.nextElement(isFirst: &isFirst) {
      guard try body(try request(&scanner)) else { return }
    }
  }

  private static func request(_ scanner: inout JSONScanner) throws -> StoredRequest {
    let start = scanner.index
    guard scanner.current == UInt8(ascii: "{") else { throw UnreadableRequest(offset: start) }
    var request = StoredRequest(scanner)
    var isFirst = true
    try scanner.enter()
    while let key = try scanner.nextKey(isFirst: &isFirst) {
      let token = try scanner.value()
      request.note(scanner.bytes(of: key), token)
    }
    guard request.status > 0, request.timestamp >= 0, request.has(.method), request.has(.endpoint),
      request.has(.template)
    else {
      throw UnreadableRequest(offset: start)
    }
    return request
  }

  private mutating func note(_ key: UnsafeBufferPointer<UInt8>, _ token: JSONToken) {
    switch token.kind {
    case .string: if let text = Self.text(key) { texts[text] = token }
    case .number: note(key, number: scanner.bytes(of: token))
    default: break
    }
  }

  private static func text(_ key: UnsafeBufferPointer<UInt8>) -> Text? {
    // Told apart by length and first letter: jsonb's keys are those that were stored, and a test holds them against the schema.
    switch (key.count, key[0]) {
    case (6, UInt8(ascii: "m")): .method
    case (8, UInt8(ascii: "e")): .endpoint
    case (8, UInt8(ascii: "t")): .template
    case (8, UInt8(ascii: "c")): .consumer
    case (7, UInt8(ascii: "r")): .release
    case (5, UInt8(ascii: "e")): .error
    default: nil
    }
  }

  private mutating func note(_ key: UnsafeBufferPointer<UInt8>, number: UnsafeBufferPointer<UInt8>) {
    switch (key.count, key[0]) {
    case (9, UInt8(ascii: "t")): timestamp = Self.integer(number)
    case (11, UInt8(ascii: "s")): status = Int(Self.integer(number))
    case (16, UInt8(ascii: "r")): time = ResponseTime.nanoseconds(number)
    case (13, UInt8(ascii: "r")): requestBytes = Self.integer(number)
    case (14, UInt8(ascii: "r")): responseBytes = Self.integer(number)
    default: break
    }
  }

  /// The log holds none but whole numbers from 0 on there.
  private static func integer(_ number: UnsafeBufferPointer<UInt8>) -> Int64 {
    number.reduce(into: 0) { value, byte in
      if ASCII.isDigit(byte) { value = value &* 10 &+ Int64(byte - UInt8(ascii: "0")) }
    }
  }
}

/// Where its texts stand, without an array of its own for each request.
private struct InlineTexts {
  private var method, endpoint, template, consumer, release, error: JSONToken?

  subscript(text: StoredRequest.Text) -> JSONToken? {
    get {
      switch text {
      case .method: method
      case .endpoint: endpoint
      case .template: template
      case .consumer: consumer
      case .release: release
      case .error: error
      }
    }
    set {
      switch text {
      case .method: method = newValue
      case .endpoint: endpoint = newValue
      case .template: template = newValue
      case .consumer: consumer = newValue
      case .release: release = newValue
      case .error: error = newValue
      }
    }
  }
}

/// A unit of the log that holds something else than requests.
package struct UnreadableRequest: Error, CustomStringConvertible {
  /// The byte of the unit's data at which it was noticed.
  package let offset: Int
  /// Says what to do.
  package var description: String {
    "a unit of the log can't be read as requests from byte \(offset) of its data on: run `recount audit verify`"
  }
}
