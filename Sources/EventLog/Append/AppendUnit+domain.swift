package import Domain
import Foundation

extension AppendUnit {
  /// One domain event, to become this version of its stream.
  package init<E: RecordedEvent>(_ event: E, stream: StreamID, version: Int, origin: Origin?) throws {
    let data = event.data
    let kind = Swift.type(of: data).kind
    guard E.records(kind) else { throw UnlistedEvent(type: kind.type) }
    var fields: [String: any Encodable] = ["stream": stream.name, "stream_version": version]
    fields["account_id"] = stream.accountID?.lowercase
    let control = fields.merging(["given": 1]) { $1 }
    fields["project_id"] = stream.projectID?.lowercase
    fields["type"] = kind.type
    fields["version"] = kind.version
    fields["actor_id"] = origin?.actorID?.lowercase
    fields["client_sealed"] = origin?.sealedClient
    fields["data"] = [AnyEncodable(data)]
    body = .whole(try EventCoding.encode(fields.mapValues(AnyEncodable.init)))
    // Members, without the object's braces.
    self.control = Array(try EventCoding.encode(control.mapValues(AnyEncodable.init)).dropFirst().dropLast())
    count = 1
    identity = nil
    intake = nil
    account = stream.accountID
  }
}

/// A value whose type the encoder need not know.
private struct AnyEncodable: Encodable {
  let value: any Encodable
  init(_ value: any Encodable) { self.value = value }
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
