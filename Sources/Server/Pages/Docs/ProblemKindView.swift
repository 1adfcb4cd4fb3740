import HTTPTypes

/// What a kind of problem means, and what to do.
struct ProblemKindView: Sendable {
  let word, title, type, advice: String
  let status: Int
  let operations: [OperationLink]
  /// Whether each operation may answer it.
  let isEverywhere, isNowhere: Bool

  init(_ kind: Problem.Kind, of operations: [Operation]) {
    (word, title, type, status) = (kind.rawValue, kind.title, kind.type, kind.status.code)
    advice = kind.advice
    let answering = operations.filter { $0.kinds.contains(kind) }
    isEverywhere = answering.count == operations.count
    self.operations = isEverywhere ? [] : answering.map { OperationLink($0) }
    isNowhere = answering.isEmpty
  }
}
