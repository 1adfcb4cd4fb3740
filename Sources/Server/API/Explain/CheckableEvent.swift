import Application
import Domain

/// A request with the commands that check it offline.
struct CheckableEvent: Sendable {
  let event: ExplainedEvent
  /// Where the server is reached, such as `http://127.0.0.1:8080`.
  let address: String

  /// Between single quotes of a shell.
  private var quotable: String { address.replacing("'", with: "'\\''") }
  private var file: String { "event-\(event.shard)-\(event.request.position).json" }

  /// As an auditor types them, the key or token being in `$KEY`.
  var commands: [String] {
    let path = "/api/v1/projects/\(event.project.text)/events/\(event.request.position)"
    let check = "--event \(file) --key key.txt"
    return [
      "curl -sS -H \"Authorization: Bearer $KEY\" '\(quotable)\(path)' >\(file)",
      "curl -sS '\(quotable)/.well-known/recount/key' >key.txt", "python3 tools/verify_log.py \(check)",
      ".build/release/recount audit export --shard \(event.shard) --output log.jsonl",
      "python3 tools/verify_log.py log.jsonl \(check)",
    ]
  }
}
