import Foundation
import Testing

@testable import Application

/// What somebody may make this server send to.
@Suite struct SlackURLTests {
  private let trusted = SlackOrigins("https://chat.example.com, http://127.0.0.1:8065")

  @Test(arguments: [
    "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "https://hooks.slack.com:443/services/T0/B0/abcd", "https://hooks.slack-gov.com/services/T0/B0/abcd",
    "https://hooks.slack.com/workflows/T0/A0/1234/abcd",
  ]) func slacksOwnAreLookedUpAndChecked(text: String) throws {
    let url = try SlackURL(text, trusting: .none)
    #expect(url.text == text && url.checkedHost?.hasPrefix("hooks.slack") == true)
    #expect(url.hint == String(text.suffix(4)))
  }

  @Test(arguments: ["https://chat.example.com/hooks/abcd", "http://127.0.0.1:8065/hooks/abcd"])
  func anOriginOfTheOperatorsIsTakenAsItIsWritten(text: String) throws {
    let url = try SlackURL(text, trusting: try #require(trusted))
    #expect(url.text == text && url.checkedHost == nil)
    #expect(throws: SlackURLRefused.self) { try SlackURL(text, trusting: .none) }
  }

  @Test func nothingElseIsSentTo() throws {
    let trusted = try #require(trusted)
    let path = "services/T0/B0/abcd"
    let hosts = [
      "hooks.slack.com.", "hooks.slack.com.evil.example", "evil.example", "hooks-slack.com", "slack.com",
      "www.hooks.slack.com", "HOOKS.slack.com", "Hooks.Slack.Com", "hooks.slack.com:80", "hooks.slack.com:8443",
      "hooks.slack.com:0443", "hooks.slack.com:443:443", "hooks.slack.com:", "hooks.slack.com:+443",
      "hooks.slack.com%2eevil.example", "hooks.slack.com%00.evil.example", "hooks.slack.com\\@evil.example",
      "hooks.slack.com@evil.example", "evil.example@hooks.slack.com", "user:pass@hooks.slack.com", "@hooks.slack.com",
      ":@hooks.slack.com", "hooks.slack.com#@evil.example", "hooks.slack.com?@evil.example",
      "hooks.slack.com;evil.example",
      "hooks.slack.com evil.example", "hooks.slack.com\tevil.example", "hooks.slack.com\n", "hooks.slack.com\r\nX: y",
      "hооks.slack.com", "ｈooks.slack.com", "hooks。slack.com", "hooks.slack．com", "xn--hks-5cd.slack.com",
      "hooks.slaсk.com",
      "hooks.ſlack.com", "127.0.0.1", "localhost", "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "127.1",
      "0",
      "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1%25eth0]", "[fc00::1]", "169.254.169.254", "10.0.0.1",
      "192.168.0.1", "100.64.0.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "hooks.slack.com.127.0.0.1.nip.io",
      "hooks..slack.com",
      ".hooks.slack.com", "-hooks.slack.com", "hooks.slack.com-", "hooks_slack.com", "hooks.slack.co",
      "hooks.slack.comm",
      "hooks.slack-gov.com.", "hooks.slackgov.com", "", "/hooks.slack.com", "//hooks.slack.com",
    ]
    var texts = hosts.map { "https://\($0)/\(path)" }
    texts += ["http", "ftp", "file", "HTTPS", "https ", " https", "javascript", "gopher", "httpss", ""].map {
      "\($0)://hooks.slack.com/\(path)"
    }
    texts += [
      "", "abcd", "https:", "https:/", "https://", "https:///\(path)", "https:hooks.slack.com/\(path)",
      "https:\\\\hooks.slack.com\\\(path)", "//hooks.slack.com/\(path)", "hooks.slack.com/\(path)",
      "https://hooks.slack.com", "https://hooks.slack.com/", "https://hooks.slack.com/abc",
      "https://hooks.slack.com/../\(path)", "https://hooks.slack.com/./\(path)", "https://hooks.slack.com//\(path)",
      "https://hooks.slack.com/\(path)/", "https://hooks.slack.com/\(path)/..", "https://hooks.slack.com/\(path)?a=b",
      "https://hooks.slack.com/\(path)#a", "https://hooks.slack.com/\(path)%0d%0aX:y",
      "https://hooks.slack.com/\(path)\u{0}",
      "https://hooks.slack.com/a:b/\(path)", "https://hooks.slack.com/\(String(repeating: "a", count: 500))",
      "https://chat.example.com.evil.example/hooks/abcd", "https://chat.example.com:444/hooks/abcd",
      "https://chat.example.com@evil.example/hooks/abcd", "http://chat.example.com/hooks/abcd",
      "http://127.0.0.1:80650/hooks/abcd", "http://127.0.0.1/hooks/abcd", "https://127.0.0.1:8065/hooks/abcd",
    ]
    #expect(texts.count >= 100)
    for text in texts {
      #expect(throws: SlackURLRefused.self, "\(text)") { try SlackURL(text, trusting: trusted) }
    }
  }

  @Test func anOriginIsAWholeOneInLowerCaseWithoutAPath() {
    #expect(SlackOrigins("") == SlackOrigins.none)
    #expect(
      SlackOrigins("https://a.example,http://b.example:8080")?.all == ["https://a.example", "http://b.example:8080"])
    for text in [
      "chat.example.com", "https://chat.example.com/", "https://chat.example.com/hooks", "https://u@chat.example.com",
      "ftp://chat.example.com", "https://", "https://a.example:port", "https://A.example", "https://a.example?x",
    ] {
      #expect(SlackOrigins(text) == nil, "\(text)")
    }
  }
}
