import Crypto
import Domain
package import EventLog
package import Foundation

/// The one place where streams get their names.
extension StreamID {
  /// The tenant's own stream.
  package static func account(_ id: UUID, shard: Int) -> StreamID {
    StreamID(name: "account-\(id.text)", shard: shard, accountID: id)
  }

  /// How far a demo has been made, on its account's shard.
  package static func demo(of accountID: UUID, shard: Int) -> StreamID {
    StreamID(name: "demo-\(accountID.text)", shard: shard, accountID: accountID)
  }

  /// A project's stream, on its account's shard.
  package static func project(_ id: UUID, of accountID: UUID, shard: Int) -> StreamID {
    StreamID(
      name: "project-\(id.text)", shard: shard, accountID: accountID, projectID: id)
  }

  /// Where a project's detail begins, on its account's shard.
  package static func retention(of project: UUID, account: UUID, shard: Int) -> StreamID {
    StreamID(
      name: "retention-\(project.text)", shard: shard, accountID: account, projectID: project)
  }

  /// What was taken away of an account's data, on the account's shard.
  package static func exports(of accountID: UUID, shard: Int) -> StreamID {
    StreamID(name: "exports-\(accountID.text)", shard: shard, accountID: accountID)
  }

  /// An account's channel in Slack, on the account's shard.
  package static func slack(of accountID: UUID, shard: Int) -> StreamID {
    StreamID(name: "slack-\(accountID.text)", shard: shard, accountID: accountID)
  }

  /// A person's stream.
  package static func user(_ id: UUID, shard: Int) -> StreamID {
    StreamID(name: "user-\(id.text)", shard: shard)
  }

  /// A log-in's stream, on the shard of the person.
  package static func session(_ id: UUID, shard: Int) -> StreamID {
    StreamID(name: "session-\(id.text)", shard: shard)
  }

  /// The failed log-ins of a person, on their shard.
  package static func logIns(of user: UUID, shard: Int) -> StreamID {
    StreamID(name: "sign-ins-\(user.text)", shard: shard)
  }

  /// An address's stream, by its hex digest; spread over the shards like ids.
  package static func email(_ digest: String, shards: ShardMap) -> StreamID {
    let id = UUID.derived(from: SHA256.hash(data: Data(digest.utf8)), version: nil)
    return StreamID(name: "email-\(digest)", shard: shards.shard(of: id))
  }
}
