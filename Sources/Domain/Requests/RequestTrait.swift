package import Foundation

/// What a request can be found by, as a number that is the same in every process and release: of what a batch holds, its signature is made
/// (``RequestSignature``). Whoever looks for two traits of one number has only his own batches read in vain.
package struct RequestTrait: Hashable, Comparable, Sendable {
  let hash: UInt64

  private init(mixing value: UInt64) {
    // Murmur3's last step: all bits of the number hang on all of the value's.
    var mixed = value
    mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    hash = mixed ^ (mixed >> 33)
  }

  private enum Kind: UInt64 {
    case method = 1
    case template, call, path, status
    case key = 7
    case consumer, release
  }

  /// FNV-1a.
  private init(_ kind: Kind, _ bytes: some Sequence<UInt8>) {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325 ^ kind.rawValue
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(mixing: value)
  }

  static func method(_ bytes: some Sequence<UInt8>) -> RequestTrait { RequestTrait(.method, bytes) }
  static func template(_ bytes: some Sequence<UInt8>) -> RequestTrait { RequestTrait(.template, bytes) }
  /// The endpoint without its query string.
  static func path(_ bytes: some Sequence<UInt8>) -> RequestTrait { RequestTrait(.path, bytes) }
  static func consumer(_ bytes: some Sequence<UInt8>) -> RequestTrait { RequestTrait(.consumer, bytes) }
  static func release(_ bytes: some Sequence<UInt8>) -> RequestTrait { RequestTrait(.release, bytes) }
  static func status(_ status: Int) -> RequestTrait { RequestTrait(.status, number: status) }

  /// Both at once, for a method that is rare at one endpoint is common at others.
  static func call(_ method: RequestTrait, _ template: RequestTrait) -> RequestTrait {
    RequestTrait(mixing: method.hash &* 0x9E37_79B9_7F4A_7C15 &+ template.hash ^ Kind.call.rawValue)
  }

  /// The key that sent it.
  package static func key(_ id: UUID) -> RequestTrait {
    withUnsafeBytes(of: id.uuid) { RequestTrait(.key, $0) }
  }

  private init(_ kind: Kind, number: Int) {
    self.init(mixing: kind.rawValue << 32 | UInt64(truncatingIfNeeded: number))
  }

  package static func < (one: RequestTrait, other: RequestTrait) -> Bool { one.hash < other.hash }
}

extension StoredRequest {
  /// Appends all its traits but its key's. `scratch` is written over, so that a text costs no memory of its own.
  package func append(traitsTo traits: inout [RequestTrait], _ scratch: inout [UInt8]) {
    let method = RequestTrait.method(text(.method, &scratch))
    let template = RequestTrait.template(text(.template, &scratch))
    traits.append(method)
    traits.append(template)
    traits.append(.call(method, template))
    traits.append(.path(Self.path(of: text(.endpoint, &scratch))))
    traits.append(.status(status))
    if has(.consumer) { traits.append(.consumer(text(.consumer, &scratch))) }
    if has(.release) { traits.append(.release(text(.release, &scratch))) }
  }

  private func text(_ text: Text, _ scratch: inout [UInt8]) -> [UInt8] {
    scratch.removeAll(keepingCapacity: true)
    append(text, to: &scratch)
    return scratch
  }

  /// An endpoint without its query string.
  static func path(of endpoint: [UInt8]) -> ArraySlice<UInt8> {
    endpoint.prefix { $0 != UInt8(ascii: "?") }
  }
}
