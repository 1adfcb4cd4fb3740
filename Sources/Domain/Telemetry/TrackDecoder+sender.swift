internal import Foundation

/// The call's sender, an object at the top of the body.
extension TrackDecoder {
  /// Leaves the scanner within the body: to be called when that has been scanned to its end.
  mutating func sender(_ token: JSONToken?) throws(TrackBodyError) -> TrackSender? {
    guard let token, token.kind != .null else { return nil }
    guard token.kind == .object else {
      throw .badSender(member: nil, found: description(of: token), allowed: "an object of id, sequence and dropped")
    }
    let places = try senderPlaces(token)
    return TrackSender(
      id: try senderID(places[.id]), sequence: try senderNumber(places[.sequence], .sequence, from: 1),
      dropped: try senderNumber(places[.dropped], .dropped, from: 0))
  }

  private mutating func senderPlaces(_ token: JSONToken) throws(TrackBodyError) -> [TrackSender.Member: JSONToken] {
    var places: [TrackSender.Member: JSONToken] = [:]
    var isFirst = true
    (scanner.index, scanner.depth) = (token.start, 1)
    try scan { (scanner) throws(JSONSyntaxError) in try scanner.enter() }
    while let key = try scan({ (scanner) throws(JSONSyntaxError) in try scanner.nextKey(isFirst: &isFirst) }) {
      let value = try scan { (scanner) throws(JSONSyntaxError) in try scanner.value() }
      guard let member = TrackSender.Member(rawValue: withText(key) { String(decoding: $0, as: UTF8.self) }) else {
        ignored.note(key, in: scanner.bytes, upTo: limits.ignoredNames)
        continue
      }
      if places.updateValue(value, forKey: member) != nil {
        throw .badSender(member: member.rawValue, found: "it twice", allowed: "each member once")
      }
    }
    return places
  }

  private mutating func senderID(_ token: JSONToken?) throws(TrackBodyError) -> UUID {
    guard let token else { throw missing(.id) }
    guard token.kind == .string, let id = withText(token, { UUIDText.uuid($0) }) else { throw bad(.id, token) }
    return id
  }

  private func senderNumber(
    _ token: JSONToken?, _ member: TrackSender.Member, from least: Int64
  ) throws(TrackBodyError) -> Int64 {
    guard let token else { throw missing(member) }
    let digits = text(token)
    // So many digits fit into an Int64 whatever they are.
    guard token.kind == .number, digits.count <= 16, digits.allSatisfy(ASCII.isDigit) else { throw bad(member, token) }
    let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    guard (least...TrackSender.largest).contains(number) else { throw bad(member, token) }
    return number
  }

  private func missing(_ member: TrackSender.Member) -> TrackBodyError {
    .badSender(member: member.rawValue, found: "nothing", allowed: member.allowed)
  }

  private func bad(_ member: TrackSender.Member, _ token: JSONToken) -> TrackBodyError {
    .badSender(member: member.rawValue, found: description(of: token), allowed: member.allowed)
  }
}
