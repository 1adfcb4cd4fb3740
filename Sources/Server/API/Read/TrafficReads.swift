import Application
import Domain
import Foundation

/// Questions about traffic: what rows tell is answered at once, and what takes the log when it is the account's turn.
struct TrafficReads: Sendable {
  let questions: Questions
  let expensive: ExpensiveReads

  /// - Parameter rows: an answer without the log; nil: there is none.
  func answer<Value: Sendable>(
    _ call: Call, of account: UUID, rows: Answered<Value>?,
    _ ask: @escaping @Sendable (Questions) async throws -> Answered<Value>
  ) async throws -> Answered<Value> {
    if let rows { return rows }
    return try await expensive.count(for: account, call.context) { [questions = questions.over(expensive.log)] in
      try await ask(questions)
    }
  }

  /// An answer that takes the log wherever there is a filter.
  func answer<Value: Sendable>(
    _ call: Call, of account: UUID, _ terms: TrafficTerms,
    _ ask: @escaping @Sendable (Questions) async throws -> Answered<Value>
  ) async throws -> Answered<Value> {
    try await answer(call, of: account, rows: terms.filter.isEmpty ? try await ask(questions) : nil, ask)
  }
}
