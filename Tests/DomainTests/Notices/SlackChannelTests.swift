import Domain
import Foundation
import Testing

@Suite struct SlackChannelTests {
  private let account = UUID()

  private func set(_ topics: Set<NoticeTopic> = [.quota], channel: UUID = UUID()) -> SlackChannelSet {
    SlackChannelSet(
      accountID: account, channelID: channel, urlSealed: "c2VhbGVk", hint: "wXyZ", topics: topics, setBy: UUID())
  }

  @Test func theSameChannelAgainChangesNothingUnlessItWasBroken() throws {
    let set = set()
    var channel = SlackChannel()
    let first = try channel.decide(.set(set))
    first.forEach { channel.evolve($0) }
    #expect(first == [.channelSet(set)])
    #expect(try channel.decide(.set(set)).isEmpty)
    try channel.decide(.breakDown(channel: set.channelID, status: 404)).forEach { channel.evolve($0) }
    #expect(channel.brokenStatus == 404)
    try channel.decide(.set(set)).forEach { channel.evolve($0) }
    #expect(channel.brokenStatus == nil)
  }

  @Test func aChannelBreaksOnceAndOnlyWhileItIsTheOneThatIsSet() throws {
    let (old, new) = (set(), set())
    var channel = SlackChannel([.channelSet(old), .channelSet(new)])
    #expect(try channel.decide(.breakDown(channel: old.channelID, status: 410)).isEmpty)
    let broken = try channel.decide(.breakDown(channel: new.channelID, status: 410))
    #expect(broken == [.channelBroken(SlackChannelBroken(accountID: account, channelID: new.channelID, status: 410))])
    broken.forEach { channel.evolve($0) }
    #expect(try channel.decide(.breakDown(channel: new.channelID, status: 404)).isEmpty)
  }

  @Test func whatIsRemovedIsGoneAndCanBeSetAgain() throws {
    let set = set()
    var channel = SlackChannel([.channelSet(set)])
    try channel.decide(.remove(by: UUID())).forEach { channel.evolve($0) }
    #expect(channel.channel == nil)
    #expect(try channel.decide(.remove(by: UUID())).isEmpty)
    #expect(try channel.decide(.set(set)) == [.channelSet(set)])
  }

  @Test func aChannelIsToldOfSomething() {
    #expect(throws: SlackChannel.Failure.noTopic) { try SlackChannel().decide(.set(set([]))) }
  }
}
