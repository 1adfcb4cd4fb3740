import Crypto
package import Domain
package import EventLog
package import Foundation

extension StripeStream {
  /// The stream of a subject.
  package init(_ subject: String, in mode: StripeMode) {
    self.init(subject, in: mode) { Array(SHA256.hash(data: Data($0.utf8))) }
  }
}

extension StreamID {
  /// What is known of a customer at Stripe.
  package static func stripe(_ stream: StripeStream, shards: ShardMap) -> StreamID {
    StreamID(name: stream.name, shard: shards.shard(of: stream.id))
  }

  /// What an account buys, on its shard.
  package static func billing(of accountID: UUID, shard: Int) -> StreamID {
    StreamID(name: "billing-\(accountID.text)", shard: shard, accountID: accountID)
  }

  /// What is sold at one side of an account at Stripe.
  package static func billingCatalogue(of mode: StripeMode, shards: ShardMap) -> StreamID {
    let side = "\(mode.stripeAccount)-\(mode.livemode ? "live" : "test")"
    return StreamID(
      name: "billing-catalogue-\(side)", shard: shards.shard(of: StripeStream("catalogue", in: mode).id))
  }
}
