import Crypto
public import EventLog
public import Foundation

/// The one place where streams get their names.
extension EventLog.Stream {
  /// The tenant's own stream.
  public static func account(_ id: UUID, shard: Int) -> EventLog.Stream {
    EventLog.Stream(name: "account-\(id.uuidString.lowercased())", shard: shard, accountID: id)
  }

  /// A project's stream, on its account's shard.
  public static func project(_ id: UUID, of accountID: UUID, shard: Int) -> EventLog.Stream {
    EventLog.Stream(
      name: "project-\(id.uuidString.lowercased())", shard: shard, accountID: accountID, projectID: id)
  }

  /// Where a project's detail begins, on its account's shard.
  public static func retention(of project: UUID, account: UUID, shard: Int) -> EventLog.Stream {
    EventLog.Stream(
      name: "retention-\(project.uuidString.lowercased())", shard: shard, accountID: account, projectID: project)
  }

  /// What was taken away of an account's data, on the account's shard.
  public static func exports(of accountID: UUID, shard: Int) -> EventLog.Stream {
    EventLog.Stream(name: "exports-\(accountID.uuidString.lowercased())", shard: shard, accountID: accountID)
  }

  /// A person's stream.
  public static func user(_ id: UUID, shard: Int) -> EventLog.Stream {
    EventLog.Stream(name: "user-\(id.uuidString.lowercased())", shard: shard)
  }

  /// A log-in's stream, on the shard of the person.
  public static func session(_ id: UUID, shard: Int) -> EventLog.Stream {
    EventLog.Stream(name: "session-\(id.uuidString.lowercased())", shard: shard)
  }

  /// The failed log-ins of a person, on their shard.
  public static func signIns(of user: UUID, shard: Int) -> EventLog.Stream {
    EventLog.Stream(name: "sign-ins-\(user.uuidString.lowercased())", shard: shard)
  }

  /// An address's stream, by its hex digest; spread over the shards like ids.
  public static func email(_ digest: String, shards: ShardMap) -> EventLog.Stream {
    let bytes = Array(SHA256.hash(data: Data(digest.utf8)).prefix(16))
    let id = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    return EventLog.Stream(name: "email-\(digest)", shard: shards.shard(of: id))
  }
}
