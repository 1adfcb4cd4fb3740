import Domain
import Foundation
import TestDatabase
import Testing

/// The verbs that people type, as they type them.
@Suite struct VerbTests {
  private struct Opened: Decodable {
    let projectId: String
    let keyId: String
    let apiKey: String
  }

  private struct Issued: Decodable {
    let keyId: String
  }

  @Test func aKeyIsFoundInTheListAndOpensNothingOnceRevoked() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let output = try await installation.run(
        "account", "open", "--email", "owner@example.com", "--project", "shop", "--json")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let opened = try decoder.decode(Opened.self, from: Data(output.output.utf8))

      let list = try await installation.run("key", "list", "--project", opened.projectId)
      #expect(list.status == 0)
      #expect(list.output.contains(opened.keyId))
      #expect(list.output.contains("active"))

      let issued = try await installation.run(
        "key", "issue", "--project", opened.projectId, "--name", "rehearsal", "--mode", "test")
      #expect(issued.output.contains("sk_test_"))

      let short = try await installation.run(
        "key", "issue", "--project", opened.projectId, "--name", "short", "--expires-in", "90d", "--json")
      let key = try decoder.decode(Issued.self, from: Data(short.output.utf8))
      let rotated = try await installation.run(
        "key", "rotate", "--project", opened.projectId, "--key", key.keyId, "--grace", "0s")
      #expect(rotated.output.contains("sk_live_"))
      let after = try await installation.run("key", "list", "--project", opened.projectId)
      #expect(after.output.contains("retired"))
      #expect(after.output.contains("active until"))

      let revoked = try await installation.run("key", "revoke", "--project", opened.projectId, "--key", opened.keyId)
      #expect(revoked.status == 0)
      try await eventually("the revoked key is refused") {
        do {
          _ = try await HTTP.get(port: installation.port, path: "/api/v1/usage", key: opened.apiKey)
          return false
        } catch let refused as HTTP.Refused {
          return refused.status == 401 && String(decoding: refused.body, as: UTF8.self).contains("revoked-key")
        }
      }
    }
  }

  @Test func aTierChangedByCommandIsWhatTheQuotaIsFromThenOn() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      struct Account: Decodable { let accountId, apiKey: String }
      struct Usage: Decodable { let quota: Int }
      let output = try await installation.run(
        "account", "open", "--email", "owner@example.com", "--project", "shop", "--json")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let account = try decoder.decode(Account.self, from: Data(output.output.utf8))
      let changed = try await installation.run("account", "tier", "--account", account.accountId, "--tier", "pro")
      #expect(changed.status == 0)
      #expect(changed.output.contains("\(Tier.pro.monthlyQuota) events a month"))
      try await eventually("the usage says so") {
        try await installation.get("/api/v1/usage", key: account.apiKey, as: Usage.self).quota == Tier.pro.monthlyQuota
      }
      let again = try await installation.run("account", "tier", "--account", account.accountId, "--tier", "pro")
      #expect(again.output.contains("already"))
      let unknown = try await installation.run("account", "tier", "--account", "\(UUID())", "--tier", "pro")
      #expect(unknown.status != 0)
    }
  }

  @Test(arguments: [
    ["key", "revoke", "--project", "none", "--key", "none"],
    ["key", "issue", "--project", "01990000-0000-7000-8000-000000000000", "--name", "k", "--expires-in", "soon"],
    ["serve", "--port", "70000"],
    ["account", "open", "--email", "not an address", "--project", "shop"],
    ["account", "open", "--email", "me@example.com", "--project", " "], ["projections", "resume", "nope"], ["replay"],
  ]) func whatCannotBeDoneIsRefusedWithAStatusOfItsOwn(arguments: [String]) async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let result = try await installation.run(arguments)
      #expect(result.status != 0)
    }
  }

  @Test func aNameThatActsOnTerminalsIsRefusedByASentenceThatIsFitForOne() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      for name in ["shop\u{1B}]0;owned\u{7}", "shop\u{9B}2J", "\u{202E}pohs"] {
        let result = try await installation.run(
          ["account", "open", "--email", "me@example.com", "--project", name], withErrors: true)
        #expect(result.status != 0)
        #expect(result.output.contains("turns the direction of text"))
        let quoted = try await installation.run(
          ["account", "open", "--email", name, "--project", "p"], withErrors: true)
        #expect(quoted.status != 0)
        #expect(quoted.output.contains("--email: found"))
        #expect(quoted.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        #expect(!quoted.output.contains("\u{202E}"))
      }
    }
  }

  @Test(arguments: [
    (["project", "void", "--project", "\(UUID())", "--to", "2026-03-05", "--reason", "load test"], "--from"),
    (["project", "void", "--project", "\(UUID())", "--from", "2026-01-05", "--reason", "load test"], "--to"),
    (["audit", "export"], "--from"), (["audit", "export"], "--to"), (["replay"], "--as-of"),
    (["explain", "usage", "--account", "\(UUID())", "--month", "2026-02"], "--shown-at"),
  ])
  func aDayThatDoesNotExistIsNotTakenForTheOneAfter(arguments: [String], option: String) async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      for time in ["2026-02-30", "2026-02-30T10:00:00Z", "2026-02-29T00:00:00.5+02:00"] {
        let result = try await installation.run(arguments + [option, time], withErrors: true)
        #expect(result.status != 0)
        #expect(result.output.contains("'\(time)' is invalid for '\(option)"), "\(result.output)")
      }
    }
  }
}
