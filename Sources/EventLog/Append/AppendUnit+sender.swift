import Crypto
package import Domain
import Foundation

extension AppendUnit {
  /// That a call of a sender came in, as an event beside what the call brings.
  ///
  /// It has no month and no mode in its control: no meter moves by it, and no tally. Whatever is sent again under the sender's number adds
  /// nothing, whatever it says then: the first stays.
  ///
  /// - Parameter events: how many the call brings, accepted or not.
  package init(_ sender: TrackSender, of source: TelemetrySource, events: Int) {
    let identity = Identity(sender, of: source)
    var control = JSONBytes()
    control.string("account_id", source.accountID)
    control.number("given", 1)
    control.string("scope", identity.scope)
    control.string("id", identity.id)
    control.number("digest", 0)
    self.control = control.bytes
    var data = JSONBytes()
    data.string("sender_id", sender.id)
    data.number("sequence", sender.sequence)
    data.number("events", events)
    data.number("dropped", sender.dropped)
    var unit = JSONBytes()
    unit.kind(.senderHeard)
    unit.members(source.json)
    unit.array("data", elements: data.object())
    body = .whole(unit.object())
    count = 1
    self.identity = identity
    intake = nil
    account = source.accountID
  }
}

extension AppendUnit.Identity {
  /// A sender's call: by its number, in a scope of the sender's own, which no id of telemetry can lie in. In the order of the numbers, so that
  /// they lie side by side in the index.
  fileprivate init(_ sender: TrackSender, of source: TelemetrySource) {
    let digest = SHA256.hash(data: source.scope.bytes + sender.id.bytes)
    scope = .derived(from: digest, version: nil)
    id = withUnsafeBytes(of: (UInt64(0), UInt64(sender.sequence).bigEndian)) {
      UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
    }
  }
}
