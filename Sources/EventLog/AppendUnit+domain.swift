import Domain
public import Foundation

/// Where a domain event goes: its stream, and whose it is.
public struct Stream: Sendable, Hashable {
  /// Such as `account-0198…`.
  public var name: String
  /// The chain that holds it.
  public var shard: Int
  /// The account it belongs to, if any.
  public var accountID: UUID?
  /// The project it belongs to, if any.
  public var projectID: UUID?

  /// A stream.
  public init(name: String, shard: Int, accountID: UUID? = nil, projectID: UUID? = nil) {
    self.name = name
    self.shard = shard
    self.accountID = accountID
    self.projectID = projectID
  }
}

extension AppendUnit {
  /// One domain event, to become this version of its stream.
  init(_ event: some RecordedEvent, stream: Stream, version: Int, origin: Origin?) throws {
    let data = event.data
    var fields: [String: any Encodable] = ["stream": stream.name, "stream_version": version]
    fields["account_id"] = stream.accountID?.lowercase
    let control = fields.merging(["given": 1]) { $1 }
    fields["project_id"] = stream.projectID?.lowercase
    fields["type"] = Swift.type(of: data).type
    fields["version"] = Swift.type(of: data).version
    fields["actor_id"] = origin?.actorID?.lowercase
    fields["client_sealed"] = origin?.sealedClient
    fields["data"] = [AnyEncodable(data)]
    body = .whole(try Self.encode(fields))
    // Members, without the object's braces.
    self.control = Array(try Self.encode(control).dropFirst().dropLast())
    count = 1
    identity = nil
    intake = nil
    account = stream.accountID
  }

  private static func encode(_ fields: [String: any Encodable]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(fields.mapValues(AnyEncodable.init)))
  }
}

/// A value whose type the encoder need not know.
private struct AnyEncodable: Encodable {
  let value: any Encodable
  init(_ value: any Encodable) { self.value = value }
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
